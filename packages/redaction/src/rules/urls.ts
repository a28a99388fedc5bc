import { isPlaceholder, looksRandom } from '../engine/likeness.ts';
import { isMostlyPlaceholder } from '../placeholder.ts';
import { rankOf, type Rule, type Scan } from '../engine/rule.ts';

// Without a slash the last @ ends the password (it may hold one); with one only where no port or path fits.
const userInfo =
  /:\/\/([^\s:/?#@"'<>[\]]{0,256}):(?!\/)(?:[^\s/?#"'<>]{1,512}(?=@[\w.[\]%-])|(?!\d{1,5}(?:[/?#\s"']|$))[^\s"'<>@]{1,128}(?=@[\w.-]))/y;
const longestUserInfo = 800;
const tokenInfo = /:\/\/([A-Za-z0-9_.~-]{16,512})@[\w.-]/y;

/** Passwords and tokens in front of the host of an address, whatever its scheme. */
export const urlCredentials: Rule = {
  kinds: ['url-password', 'url-token'],
  keywords: ['://', '%3a%2f%2f'],
  family: 'value',
  find(at, scan) {
    const { text } = scan;
    if (text[at] !== ':' || nextAtSign(scan, at) - at > longestUserInfo) return undefined;
    userInfo.lastIndex = at;
    const match = userInfo.exec(text);
    if (match !== null) {
      const start = at + 4 + (match[1] ?? '').length;
      const end = userInfo.lastIndex;
      return accept(text, at, start, end)
        ? { lead: at, start, end, kind: 'url-password', rank: rankOf.header }
        : undefined;
    }
    tokenInfo.lastIndex = at;
    const alone = tokenInfo.exec(text)?.[1];
    if (alone === undefined || !looksRandom(alone)) return undefined;
    const end = at + 3 + alone.length;
    return accept(text, at, at + 3, end)
      ? { lead: at, start: at + 3, end, kind: 'url-token', rank: rankOf.header }
      : undefined;
  },
};

// Without an @ soon there is none of it.
function nextAtSign(scan: Scan, at: number): number {
  if (scan.nextAtSign >= at) return scan.nextAtSign;
  const next = scan.text.indexOf('@', at);
  scan.nextAtSign = next < 0 ? Infinity : next;
  return scan.nextAtSign;
}

function accept(text: string, at: number, start: number, end: number): boolean {
  const secret = text.slice(start, end);
  // `${user}:${password}@`, also when a brace within it looks like the end of the user.
  return !isPlaceholder(secret) && !/^\$|\$\{/.test(secret) && !isMostlyPlaceholder(secret) && at < start;
}
