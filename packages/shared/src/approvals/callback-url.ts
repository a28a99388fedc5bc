/**
 * What is wrong with an address for callbacks. Asked where an approval is requested and again before each delivery, so
 * that nothing is accepted that will never be called.
 *
 * Scheme and authority have to be written as the URL parser reads them, but for upper case and the default port: programs
 * disagree about everything else (backslashes, `https:host`, percent signs in a host), and would call different hosts.
 * Path and query are not compared: the parser encodes what has to be encoded there.
 *
 * @param origins CALLBACK_ORIGINS
 * @returns the rule that it breaks, which never quotes it; undefined when it can be called
 */
export function callbackUrlProblem(url: string, origins: readonly string[]): string | undefined {
  const parsed = URL.parse(url);
  const authority = /^[a-z]+:\/\/([^/?#\\]*)/i.exec(url)?.[1];
  // A user and password would be kept in plain text, and fetch refuses such an address.
  if ((parsed && `${parsed.username}${parsed.password}` !== '') || authority?.includes('@') === true) {
    return 'must not hold a user or password';
  }
  if (/[\\\s\p{Cc}\p{Z}]/u.test(url)) return 'must not hold backslashes, blanks or control characters';
  // The origin of blob:http://example.com/x is http://example.com.
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return elsewhere;
  if (authority === undefined || !isWrittenAs(authority, parsed)) {
    return 'must have its host written in the plain form, as in https://example.com/path';
  }
  return origins.includes(parsed.origin) ? undefined : elsewhere;
}

const elsewhere = 'must be on one of CALLBACK_ORIGINS';

function isWrittenAs(authority: string, { protocol, host, hostname }: URL): boolean {
  // Lower case makes ASCII letters of some that are not.
  if (!/^[\x21-\x7e]+$/.test(authority)) return false;
  const written = authority.toLowerCase();
  return written === host || written === `${hostname}:${protocol === 'https:' ? 443 : 80}`;
}
