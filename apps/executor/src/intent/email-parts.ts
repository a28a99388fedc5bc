import { addressesIn } from './address.ts';
import { withoutEnding } from './courtesy.ts';
import { opensQuote, readQuoted } from './quotes.ts';
import { hasSecondTask, twoTasks } from './refusals.ts';
import { unclear, type Problem } from './reading.ts';

interface Parts {
  subject: string;
  text: string;
}

// White space is bounded everywhere, so that reading stays linear.
const gap = String.raw`[\s,;.]{0,8}`;
const colon = String.raw`(?:[ \t]{0,4}(?::|=|-(?=\s)))?[\s]{0,8}`;
const subjectWords = String.raw`(?:(?:and |with |using )(?:an? |the )?subject(?: line)?(?: of| is| being)?|(?:the )?subject(?: line)?(?: is)?)(?![\w'-])`;
const bodyNoun = '(?:text|body|message|content)';
const textWords = String.raw`(?:and say(?:ing|s)?|and (?:that |it )?says|that says|which says|saying|and (?:the |an? )?${bodyNoun}(?: is| of)?|(?:and )?with (?:the |an? )?${bodyNoun}(?: is| of)?|and write|and tell (?:him|her|them))(?![\w'-])|(?:the )?${bodyNoun}(?: is)?(?=[ \t]{0,4}:)`;

const startsSubject = new RegExp(`^${gap}${subjectWords}${colon}`, 'i');
const startsText = new RegExp(
  `^${gap}(?:${textWords}|(?:and )?(?:say|says|write|the ${bodyNoun} is|${bodyNoun})(?![\\w'-]))${colon}`,
  'i',
);
const textWithin = new RegExp(`[\\s,;.](?:${textWords})${colon}`, 'i');
const sayWithin = new RegExp(`[\\s,;.]says?(?![\\w'-])${colon}`, 'i');
// ", body ...": behind punctuation the word alone will do.
const nounWithin = new RegExp(`[,;.\\n]\\s{0,8}(?:the )?${bodyNoun}(?: is)?(?![\\w'-])${colon}`, 'i');
const subjectWithin = new RegExp(
  String.raw`[\s,;.](?:(?:and |with |using )(?:an? |the )?subject(?: line)?(?: of| is)?(?![\w'-])|(?:the )?subject(?: line)?(?=[ \t]{0,4}:))${colon}`,
  'gi',
);

const noSubject = unclear('The subject of the mail is missing.');
const noText = unclear('The text of the mail is missing.');

/** Subject and text of a mail, from what stands behind its address. The text is kept as it is, to its end. */
export function readParts(rest: string): Parts | Problem {
  const subjectFirst = startsSubject.exec(rest);
  if (subjectFirst !== null) return readSubjectFirst(rest.slice(subjectFirst[0].length));
  const textFirst = startsText.exec(rest);
  if (textFirst !== null) return readTextFirst(rest.slice(textFirst[0].length));
  if (withoutEnding(rest) === '') return unclear('The subject and the text of the mail are missing.');
  return unclear(
    'After the address it does not go on with the subject and the text, for instance: with subject Lunch and say See you at noon.',
  );
}

function readSubjectFirst(from: string): Parts | Problem {
  const quoted = readQuoted(from);
  if (quoted !== undefined) {
    const start = startsText.exec(quoted.rest);
    if (start === null) return noText;
    return complete(quoted.quoted, quoted.rest.slice(start[0].length));
  }
  const start = textWithin.exec(` ${from}`) ?? sayWithin.exec(` ${from}`) ?? nounWithin.exec(` ${from}`);
  if (start === null) return from.trim() === '' ? noSubject : noText;
  const at = start.index - 1;
  return complete(from.slice(0, Math.max(at, 0)), from.slice(at + start[0].length));
}

function readTextFirst(from: string): Parts | Problem {
  const quoted = readQuoted(from);
  if (quoted !== undefined) {
    const start = startsSubject.exec(quoted.rest);
    if (start !== null) return complete(quoted.rest.slice(start[0].length), quoted.quoted);
  }
  const starts = [...from.matchAll(subjectWithin)];
  const [start] = starts;
  if (start === undefined) return noSubject;
  if (starts.length > 1) {
    return unclear('It is not clear where the subject begins. Write the subject before the text.');
  }
  return complete(from.slice(start.index + start[0].length), from.slice(0, start.index));
}

function complete(subjectPart: string, textPart: string): Parts | Problem {
  const subject = withoutQuotes(withoutComma(subjectPart.trim()));
  const text = textPart.trim();
  if (subject.trim() === '') return noSubject;
  if (/[\r\n]/.test(subject)) return unclear('The subject of the mail has more than one line.');
  if (!opensQuote(subjectPart.trim()) && addressesIn(subject).length > 0) {
    return unclear(
      'There is an address in the subject. Write the subject in quotation marks if it belongs there.',
    );
  }
  const quoted = readQuoted(text);
  if (quoted !== undefined && hasSecondTask(quoted.rest)) return twoTasks;
  const body = withoutQuotes(text);
  return body.trim() === '' ? noText : { subject, text: body };
}

const withoutComma = (text: string): string => (/[,;]$/.test(text.slice(-1)) ? text.slice(0, -1) : text);

// Only marks around the whole of it: `"yes" is my answer` keeps them.
function withoutQuotes(text: string): string {
  if (!opensQuote(text)) return text;
  const found = readQuoted(text);
  return found !== undefined && /^[\s.,;!]*$/.test(found.rest) ? found.quoted : text;
}
