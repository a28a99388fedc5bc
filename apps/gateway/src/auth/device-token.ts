import { randomUUID } from 'node:crypto';
import { sign, verify } from 'hono/jwt';
import { z } from 'zod';

// Whoever logs in less often than that is a new device.
const deviceDays = 90;

const Claims = z.object({
  iss: z.literal('actp-worker'),
  aud: z.literal('actp-device'),
  sub: z.uuid(),
  did: z.uuid(),
  exp: z.int(),
});

/**
 * What a device shows that has logged in to an account before. It opens nothing: its wrong passwords are counted apart from those of
 * others, so that nobody else can lock it out.
 *
 * @param device the id that it had before, if any
 */
export function issueDeviceToken(secret: string, account: string, device?: string): Promise<string> {
  const exp = Math.floor(Date.now() / 1_000) + deviceDays * 86_400;
  const claims = { iss: 'actp-worker', aud: 'actp-device', sub: account, did: device ?? randomUUID(), exp };
  return sign(claims, secret, 'HS256');
}

/** The id of a device that is known to this account; undefined for any other. */
export async function readDeviceToken(
  secret: string,
  token: string | undefined,
  account: string,
): Promise<string | undefined> {
  if (token === undefined) return undefined;
  try {
    const claims = Claims.parse(await verify(token, secret, { alg: 'HS256' }));
    return claims.sub === account ? claims.did : undefined;
  } catch {
    return undefined;
  }
}
