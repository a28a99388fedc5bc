import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { SessionSecrets } from './session-secrets.ts';

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
export function createPageTokens({ current, previous }: SessionSecrets): PageTokens {
  const of = maker(current);
  const makers = previous === undefined ? [of] : [of, maker(previous)];
  return {
    of,
    fits(session, presented) {
      const given = Buffer.from(presented ?? '');
      return makers.some((make) => {
        const expected = Buffer.from(make(session));
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
  };
}

function maker(sessionSecret: string): (session: string) => string {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', 'actp page token v1', 32));
  return (session) => createHmac('sha256', key).update(session).digest('base64url');
}
