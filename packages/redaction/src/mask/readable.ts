import { isUtf8 } from 'node:buffer';

// Long enough to say something, and rare where bytes are random.
const printable = /[\x20-\x7E]{12}/;
const fewestBytes = 8;
// gzip, zip, zlib, zstd, bzip2 and xz, as their first bytes are in base64.
const compressed = /^(?:H4sI|UEsD|eJ[wxyz0-9A-Z]|KLUv|QlpoOT|\/Td6WFo)/;
const base32Letters = 'abcdefghijklmnopqrstuvwxyz234567';

// What an order of any kind is likely to hold. The short ones are found in random text as well, so digits do not stand for their letters.
const shortWords = /pay|usd|eur|gbp|btc/;
const words =
  /send|transfer|wire|payment|payout|refund|withdraw|deposit|account|amount|invoice|order|iban|euro|dollar|bitcoin|ether|delete|remove|drop|truncate|grant|revoke|admin|root|approve|accept|execute|deploy|publish|disable|enable|update|insert|select|email|message|everyone|please|ignore|instruction|allow|shutdown|release|money|funds|bank|price|cancel|cost/;
const digitLetters: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' };
// The most frequent pairs of letters of English.
const pairs = new Set(
  'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur no ay'.split(
    ' ',
  ),
);
const window = 10;
const mostPairs = 7;

/** Whether somebody can read it: as it stands, written with digits for letters, decoded, or unpacked. */
export function isReadable(text: string): boolean {
  return (!isHex(text) && holdsWords(text)) || compressed.test(text) || isEncodedText(text);
}

/** Hexadecimal digits, all in one case. */
export const isHex = (text: string): boolean => /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text);

/** Whether base64, base32 or hexadecimal digits stand for text. */
export function isEncodedText(text: string): boolean {
  for (const bytes of decodings(text)) if (isText(bytes)) return true;
  return false;
}

function holdsWords(text: string): boolean {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const letters = plain.replaceAll(/[013457]/g, (digit) => digitLetters[digit] ?? digit);
  return shortWords.test(plain) || words.test(plain) || words.test(letters) || holdsLanguage(letters);
}

function holdsLanguage(letters: string): boolean {
  const common = Array.from(letters, (_, at) => (pairs.has(letters.slice(at, at + 2)) ? 1 : 0));
  let sum = 0;
  for (const [at, one] of common.entries()) {
    sum += one - (common[at - window] ?? 0);
    if (sum >= mostPairs) return true;
  }
  return false;
}

// What is put in front shifts the rest: each offset is another reading.
function* decodings(text: string): Generator<Buffer> {
  if (isHex(text)) {
    for (const from of [0, 1]) yield Buffer.from(text.slice(from), 'hex');
    return;
  }
  if (/^[a-z2-7]+=*$/.test(text) || /^[A-Z2-7]+=*$/.test(text)) {
    for (let from = 0; from < 8; from += 1) yield fromBase32(text.slice(from).toLowerCase());
  }
  for (let from = 0; from < 4; from += 1) yield Buffer.from(text.slice(from), 'base64');
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const letter of text.replaceAll('=', '')) {
    bits = ((bits << 5) | base32Letters.indexOf(letter)) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 0xff);
  }
  return Buffer.from(bytes);
}

function isText(bytes: Buffer): boolean {
  // UTF-16 has a zero beside each letter.
  if (printable.test(Buffer.from(bytes.filter((byte) => byte !== 0)).toString('latin1'))) return true;
  if (bytes.length < fewestBytes || !isUtf8(bytes)) return false;
  return !/[^\P{Cc}\t\r\n]/u.test(bytes.toString());
}
