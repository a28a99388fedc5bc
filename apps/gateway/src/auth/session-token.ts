import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import type { Caller } from '../app-env.ts';

/** How long a token is good for: a working day, in seconds. */
export const sessionSeconds = 12 * 3_600;

/**
 * How far ahead of the clock a token may have been issued, in seconds: a clock that was ahead and has been set back must
 * not end the sessions that began meanwhile. Because of it none of them lasts longer than a day.
 */
export const maxClockStepSeconds = 12 * 3_600;

const Claims = z.object({
  iss: z.literal('actp-worker'),
  sub: z.uuid(),
  email: z.string(),
  role: z.enum(['user', 'operator']),
  iat: z.int(),
  // Checked against the clock by the library, but only where there is one.
  exp: z.int(),
});

/**
 * A signed token (JWT, HS256) for a person who has logged in; it survives a restart, since the key does.
 *
 * @param now milliseconds since the epoch
 */
export function issueToken(
  secret: string,
  user: { id: string; email: string; role: 'user' | 'operator' },
  now = Date.now,
): Promise<string> {
  const at = Math.floor(now() / 1_000);
  const claims = { iss: 'actp-worker', sub: user.id, email: user.email, role: user.role };
  return sign({ ...claims, iat: at, exp: at + sessionSeconds }, secret, 'HS256');
}

/** The person that a token stands for; undefined when it is forged, expired, of another kind, or issued too far ahead. */
export async function readToken(secret: string, token: string, now = Date.now): Promise<Caller | undefined> {
  try {
    const claims = Claims.parse(await verify(token, secret, { alg: 'HS256', iat: false }));
    if (claims.iat - now() / 1_000 > maxClockStepSeconds) return undefined;
    return { kind: claims.role, id: claims.sub, email: claims.email };
  } catch {
    return undefined;
  }
}
