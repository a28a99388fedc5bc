import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import type { SessionKind } from '@actp/services/sessions/kind';

/**
 * How far ahead of the clock a token may have been issued, in seconds: a clock that was ahead and has been set back must
 * not end the sessions that began meanwhile. The session's row ends by the database's clock anyway.
 */
export const maxClockStepSeconds = 12 * 3_600;

const audienceOf = { api: 'actp-api', page: 'actp-page' } as const;

const Claims = z.object({
  iss: z.literal('actp-worker'),
  aud: z.enum([audienceOf.api, audienceOf.page]),
  sub: z.uuid(),
  sid: z.uuid(),
  iat: z.int(),
  // Checked against the clock by the library, but only where there is one.
  exp: z.int(),
});

export interface SessionClaims {
  /** Of the account. */
  id: string;
  /** The row of the session: while it lives, the token is worth something. */
  session: string;
}

/**
 * A signed token (JWT, HS256) for a person who has logged in; it survives a restart, since the key and the session do.
 *
 * @param of `seconds`: how long it is good for
 * @param now milliseconds since the epoch
 */
export function issueToken(
  secret: string,
  of: SessionClaims & { kind: SessionKind; seconds: number },
  now = Date.now,
): Promise<string> {
  const at = Math.floor(now() / 1_000);
  const claims = { iss: 'actp-worker', aud: audienceOf[of.kind], sub: of.id, sid: of.session };
  return sign({ ...claims, iat: at, exp: at + of.seconds }, secret, 'HS256');
}

/** What a token says; undefined when it is forged, expired, of another kind, or issued too far ahead. */
export async function readToken(
  secret: string,
  token: string,
  kind: SessionKind,
  now = Date.now,
): Promise<SessionClaims | undefined> {
  try {
    const claims = Claims.parse(await verify(token, secret, { alg: 'HS256', iat: false }));
    if (claims.aud !== audienceOf[kind]) return undefined;
    if (claims.iat - now() / 1_000 > maxClockStepSeconds) return undefined;
    return { id: claims.sub, session: claims.sid };
  } catch {
    return undefined;
  }
}
