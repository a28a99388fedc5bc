import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import type { Caller } from '../context.ts';

/** How long a token is good for: a working day, in seconds. */
export const sessionSeconds = 12 * 3_600;

const Claims = z.object({
  iss: z.literal('actp-worker'),
  sub: z.uuid(),
  email: z.string(),
  role: z.enum(['user', 'operator']),
  // Checked against the clock by the library, but only where there is one.
  exp: z.int(),
});

/** A signed token (JWT, HS256) for a person who has logged in; it survives a restart, since the key does. */
export function issueToken(
  secret: string,
  user: { id: string; email: string; role: 'user' | 'operator' },
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'actp-worker', sub: user.id, email: user.email, role: user.role };
  return sign({ ...claims, iat: now, exp: now + sessionSeconds }, secret, 'HS256');
}

/** The person that a token stands for; undefined when it is forged, expired or of another kind. */
export async function readToken(secret: string, token: string): Promise<Caller | undefined> {
  try {
    const claims = Claims.parse(await verify(token, secret, 'HS256'));
    return { kind: claims.role, id: claims.sub, email: claims.email };
  } catch {
    return undefined;
  }
}
