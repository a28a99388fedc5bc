import { addressesIn, bare, isAddress } from './address.ts';
import type { Request } from './courtesy.ts';
import { readParts } from './email-parts.ts';
import { isPersonName } from './recipient-name.ts';
import { refused, unclear, type Reading } from './reading.ts';

const mail = '(?:e-?mail|mail|message)(?: message)?';
const verb = new RegExp(
  `^(?:${[
    `(?:send|write)(?: out)?(?: an?| the| this)? ${mail}(?: to| for)?`,
    `(?:e-?mail|mail)(?: to)?`,
    `write to`,
    'send',
  ]
    .join('|')
    .replaceAll(' ', String.raw`\s{1,4}`)})(?![\\w'’/@-]|\\.\\w)[\\s:,]{0,8}`,
  'i',
);
const thing = new RegExp(`^(?:an?|the|this) ${mail}(?![\\w'-])`, 'i');

/** "Send an email to <address> with subject <subject> and say <text>" and what means the same. */
export function readEmail({ text }: Request): Reading {
  const found = verb.exec(text);
  if (found === null) return undefined;
  const order = text.slice(found[0].length);
  const named = namedRecipient(order);
  if (named === undefined) {
    return refused(
      'Who the mail goes to is not clear. Write one address, with nothing before it but a name.',
    );
  }
  const { word, rest: behind } = firstWord(named);
  const rest = behind.replace(thing, '');
  // "a@example.org, b@example.org", "a@example.org and b@example.org", "a@example.org, and cc b@example.org".
  if (addressesIn(`${word} ${firstWord(withoutConnection(rest)).word}`).length > 1) {
    return refused('It names more than one recipient. A mail goes to one address; ask once for each.');
  }
  const to = bare(word);
  if (!isAddress(to)) {
    // "Send money ..." is no mail.
    if (/^send[\s:,]{0,8}$/i.test(found[0])) return undefined;
    return unclear('The address that the mail goes to is missing, or is not written in full.');
  }
  if (limitation.test(rest)) {
    return refused(
      'After the address it names a condition, a time or somebody else. A mail goes to one address, at once.',
    );
  }
  const parts = readParts(rest);
  if ('problem' in parts) return parts;
  return { agent: 'communication', input: { to, subject: parts.subject, text: parts.text } };
}

// "Ann Smith <ann@example.org>": what counts is the address. "Not to Ann <ann@example.org>" is something else.
const bracketed = /^([^<>@]+)(?=<[^\s<>]{3,254}>)/u;

/** The order from its address on; undefined where something other than one person's name stands before `<address>`. */
function namedRecipient(order: string): string | undefined {
  const [, before = ''] = bracketed.exec(order) ?? [];
  if (before.trim() === '') return order.trimStart();
  return isPersonName(before) ? order.slice(before.length) : undefined;
}

const limitation =
  /^[\s,;.]{0,8}(?:or|but|not|except|unless|only|if|when|once|until|after|before|later|tomorrow|tonight|cc|bcc)(?![\w'-])/i;
const connection = /^[\s,;&+]{0,8}(?:(?:and|or|also|cc|bcc|to)(?![\w@.'-])[\s:,]{0,8})?/i;

function withoutConnection(text: string): string {
  let rest = text;
  for (let times = 0; times < 3; times += 1) rest = rest.replace(connection, '');
  return rest;
}

function firstWord(text: string): { word: string; rest: string } {
  const at = text.search(/\s/);
  return at < 0 ? { word: text, rest: '' } : { word: text.slice(0, at), rest: text.slice(at).trim() };
}
