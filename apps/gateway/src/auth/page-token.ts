import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface PageTokens {
  /** The second token of a page's session. */
  of(session: string): string;
  /** Whether a page showed the second token of this session. */
  fits(session: string, presented: string | undefined): boolean;
}

/**
 * A page's session takes two tokens: a cookie, which a browser sends to every port of a host, and this one, which the page keeps in the
 * storage of its origin and sends as a header. Whoever has the cookie alone cannot make it.
 */
export function createPageTokens(sessionSecret: string): PageTokens {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', 'actp page token v1', 32));
  const of = (session: string) => createHmac('sha256', key).update(session).digest('base64url');
  return {
    of,
    fits(session, presented) {
      const expected = Buffer.from(of(session));
      const given = Buffer.from(presented ?? '');
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
