import { isKey, isPlaceholder, looksRandom } from '../engine/entropy.ts';
import { isMostlyPlaceholder } from '../placeholder.ts';
import { rankOf, type Rule, type Scan, type Secret } from '../engine/rule.ts';

const userName = /:\/\/([^\s:/?#@"'<>[\]]{0,512}):(?!\/)/y;
const tokenInfo = /:\/\/([A-Za-z0-9_.~-]{16,512})@[\w.-]/y;
// All that may be of the address: the last @ in front of a host ends the password, which may hold signs of any kind.
const rest = /[^\s"'<>`]{1,640}/y;
const port = /^\d{1,5}(?:[/?#]|$)/;
const hostStart = /^[\w.[\]%-]/;
const host = /^[\w-]+(?:\.[\w-]+)*\.?(?::\d{1,5})?(?:[/?,;#&)\]}\\]|$)/;
const fullHost =
  /^(?:localhost|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3}|[\w.-]+:\d{1,5})(?![\w.-])/i;
// Those in whose paths an @ is nothing special.
const ofDocuments = /(?:https?|wss?|git|ssh|s?ftp|npm|pkg|file)$/i;
const longestUserInfo = 800;

/** Passwords and tokens in front of the host of an address, whatever its scheme. */
export const urlCredentials: Rule = {
  kinds: ['url-password', 'url-token'],
  keywords: ['://'],
  family: 'value',
  find(at, scan) {
    const { text } = scan;
    if (nextAtSign(scan, at) - at > longestUserInfo) return undefined;
    userName.lastIndex = at;
    const name = userName.exec(text)?.[1];
    if (name !== undefined) return credentials(text, at, name);
    tokenInfo.lastIndex = at;
    const alone = tokenInfo.exec(text)?.[1];
    if (alone === undefined || !looksRandom(alone) || !accept(alone)) return undefined;
    return { ...tokenAt(at), start: at + 3, end: at + 3 + alone.length };
  },
};

const tokenAt = (lead: number) => ({ lead, kind: 'url-token', rank: rankOf.header });

function credentials(text: string, at: number, name: string): Secret | Secret[] | undefined {
  const start = at + 4 + name.length;
  const documents = ofDocuments.test(text.slice(Math.max(0, at - 8), at));
  rest.lastIndex = start;
  const length = passwordLength(rest.exec(text)?.[0] ?? '', documents);
  if (length === undefined) return undefined;
  const found: Secret[] = [];
  // A key in the place of the name, with a password that says nothing, or none.
  if (isKey(name)) found.push({ ...tokenAt(at), start: at + 3, end: at + 3 + name.length });
  const end = start + length;
  if (length > 0 && accept(text.slice(start, end))) {
    found.push({ lead: at, start, end, kind: 'url-password', rank: rankOf.header });
  }
  return found.length === 1 ? found[0] : found;
}

/** How long the password is in what follows the name; undefined when there is none, as before a port. */
function passwordLength(address: string, documents: boolean): number | undefined {
  if (port.test(address)) return undefined;
  const path = address.search(/[/?#]/);
  const signs = [...address.matchAll(/@/g)]
    .map(({ index }) => index)
    .filter((index) => hostStart.test(address.slice(index + 1, index + 2)));
  const inFront = signs.findLast((index) => path < 0 || index < path);
  const behind = signs.filter((index) => path >= 0 && index > path && index - path < 400);
  const last = behind.findLast((index) => {
    const after = address.slice(index + 1, index + 256);
    if (/[?&;][\w.-]+=/.test(address.slice(0, index))) return false;
    return documents ? fullHost.test(after) && address[index - 1] !== '/' : host.test(after);
  });
  if (inFront === undefined) return last ?? behind.find((index) => index <= 128);
  const known = documents && fullHost.test(address.slice(inFront + 1, inFront + 256));
  return known ? inFront : (last ?? inFront);
}

// Without an @ soon there is none of it.
function nextAtSign(scan: Scan, at: number): number {
  if (scan.nextAtSign >= at) return scan.nextAtSign;
  const next = scan.text.indexOf('@', at);
  scan.nextAtSign = next < 0 ? Infinity : next;
  return scan.nextAtSign;
}

const accept = (secret: string) =>
  !isPlaceholder(secret) && !/^\$[A-Za-z_{(]/.test(secret) && !isMostlyPlaceholder(secret);
