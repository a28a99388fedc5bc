import { addressesIn } from './address.ts';
import { withoutEnding } from './courtesy.ts';
import { readQuoted } from './quotes.ts';
import { hasSecondTask, twoTasks } from './refusals.ts';
import { refused, unclear, type Problem } from './reading.ts';

interface Parts {
  subject: string;
  text: string;
}

// White space is bounded everywhere, so that reading stays linear.
const gap = String.raw`[\s,;.]{0,8}`;
// Only a colon that is joined to its word belongs to the sentence; all else behind the white space is the person's text.
const colon = String.raw`:?[\s]{0,8}`;
// "a body of hello", but not "with text of the contract".
const ofQuote = String.raw` of(?=\s{1,4}["'“„‘«\x60])`;
const subjectWords = String.raw`(?:(?:and |with |using )(?:(?:an?|the) subject(?: line)? of|(?:an? |the )?subject(?: line)?(?:${ofQuote}| is| being)?)|(?:the )?subject(?: line)?(?:[ \t]{1,4}(?=:)| is)?)(?![\w'-])`;
const bodyNoun = '(?:text|body|message|content)';
const textWords = String.raw`(?:and say(?:ing|s)?|and (?:that |it )?says|that says|which says|saying|(?:and )?(?:and|with) (?:an? ${bodyNoun} of|(?:the |an? )?${bodyNoun}(?: is|${ofQuote})?)|and write|and tell (?:him|her|them))(?![\w'-])|(?:the )?${bodyNoun}(?: is)?(?:[ \t]{0,4}(?=:))`;

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
  String.raw`[\s,;.](?:(?:and |with |using )(?:(?:an?|the) subject(?: line)? of|(?:an? |the )?subject(?: line)?(?:${ofQuote}| is)?)(?![\w'-])|(?:the )?subject(?: line)?[ \t]{0,4}(?=:))${colon}`,
  'gi',
);
// Without one of these before it, "with the subject" may be a part of the text.
const separator = /[,;\n]\s{0,8}$/;

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
    if (start === null) return wordsBehindQuote(from) ?? noText;
    return complete(quoted.whole, quoted.rest.slice(start[0].length));
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
    if (start !== null) return complete(quoted.rest.slice(start[0].length), quoted.whole);
  }
  const starts = [...from.matchAll(subjectWithin)];
  const [start] = starts;
  if (start === undefined) return noSubject;
  // The last piece before the subject, with the character that the subject's words begin behind.
  const before = from.slice(Math.max(0, start.index - 8), start.index + 1);
  const parting = separator.exec(before);
  if (starts.length > 1 || parting === null) {
    return refused(
      'It is not clear where the text ends and the subject begins. Write the subject before the text, or the text in quotation marks.',
    );
  }
  // A comma that parts them belongs to neither.
  const textEnd = start.index + 1 - (before.length - parting.index);
  return complete(from.slice(start.index + start[0].length), from.slice(0, textEnd));
}

function complete(subjectPart: string, textPart: string): Parts | Problem {
  const text = textPart.trim();
  const more = wordsBehindQuote(subjectPart.trim()) ?? wordsBehindQuote(text);
  if (more !== undefined) return more;
  const subject = withoutQuotes(withoutComma(subjectPart.trim()));
  if (subject.trim() === '') return noSubject;
  if (/[\r\n]/.test(subject)) return unclear('The subject of the mail has more than one line.');
  const isOpen = readQuoted(subjectPart.trim()) === undefined;
  if (isOpen && addressesIn(subject).length > 0) {
    return unclear(
      'There is an address in the subject. Write the subject in quotation marks if it belongs there.',
    );
  }
  if (isOpen && moreOrders.test(subject)) {
    return refused('The subject names a copy or an attachment. A mail is one text for one address.');
  }
  const body = withoutQuotes(text);
  return body.trim() === '' ? noText : { subject, text: body };
}

const moreOrders = /(?:^|[\s,;])(?:b?cc (?:to )?\S|(?:and |please )attach(?!\w))/i;
const withoutComma = (text: string): string => (/[,;]$/.test(text.slice(-1)) ? text.slice(0, -1) : text);

function withoutQuotes(text: string): string {
  return readQuoted(text)?.quoted ?? text;
}

const courtesy = /^[\s.,;!]*(?:(?:please|thanks|thank you|thanks a lot|many thanks)[\s.,;!]*){0,2}$/i;
const mostShown = 60;

/** What is said behind a text in quotation marks may limit it ("but not yet"), or may be more of it: that is for the person to say. */
function wordsBehindQuote(text: string): Problem | undefined {
  const rest = readQuoted(text)?.rest ?? '';
  if (courtesy.test(rest)) return undefined;
  if (hasSecondTask(rest)) return twoTasks;
  const words = rest.replace(/^[\s.,;:!]+/, '').trimEnd();
  const shown = words.length > mostShown ? `${words.slice(0, mostShown)}...` : words;
  return refused(
    `It goes on after the closing quotation mark with "${shown}". A mail is sent at once and as it is written; put all of its text into the quotation marks, or write it without them.`,
  );
}
