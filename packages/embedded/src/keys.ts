import { createHmac } from 'node:crypto';

/** The roles that PostgREST switches to, named as on Supabase. */
export type DatabaseRole = 'anon' | 'authenticated' | 'service_role';

const daySeconds = 86_400;
const validDays = 365;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/**
 * Mints an API key as Supabase does: a JWT (HS256) that names the database role. It ends a year after the day on which it was
 * minted; every start mints a new one. The same day gives the same key: somebody may have noted it.
 *
 * @param jwtSecret what PostgREST verifies with, at least 32 characters
 * @param role the database role of the bearer
 */
export function mintApiKey(jwtSecret: string, role: DatabaseRole, now = new Date()): string {
  const iat = Math.floor(now.getTime() / 1_000 / daySeconds) * daySeconds;
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
    role,
    iss: 'supabase',
    iat,
    exp: iat + validDays * daySeconds,
  })}`;
  return `${body}.${createHmac('sha256', jwtSecret).update(body).digest('base64url')}`;
}

/** The key that reaches every table: for `SUPABASE_SERVICE_ROLE_KEY`. */
export function mintServiceRoleKey(jwtSecret: string, now = new Date()): string {
  return mintApiKey(jwtSecret, 'service_role', now);
}
