import { createHmac } from 'node:crypto';

/** The roles that PostgREST switches to, named as on Supabase. */
export type DatabaseRole = 'anon' | 'authenticated' | 'service_role';

// Fixed, so that the same secret gives the same key at every start: somebody may have noted it, as with a real project.
const issuedAt = Date.UTC(2025, 0, 1) / 1000;
const expiresAt = Date.UTC(2100, 0, 1) / 1000;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/**
 * Mints an API key as Supabase does: a JWT (HS256) that names the database role.
 *
 * @param jwtSecret what PostgREST verifies with, at least 32 characters
 * @param role the database role of the bearer
 */
export function mintApiKey(jwtSecret: string, role: DatabaseRole): string {
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
    role,
    iss: 'supabase',
    iat: issuedAt,
    exp: expiresAt,
  })}`;
  return `${body}.${createHmac('sha256', jwtSecret).update(body).digest('base64url')}`;
}

/** The key that reaches every table: for `SUPABASE_SERVICE_ROLE_KEY`. */
export function mintServiceRoleKey(jwtSecret: string): string {
  return mintApiKey(jwtSecret, 'service_role');
}
