import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import type { Logger } from '@actp/shared/log';
import { hashPassword, verifyPassword } from './password.ts';

const Configured = z
  .object({
    role: z.string(),
    password_hash: z.string().nullable(),
    /** Of the OPERATOR_PASSWORD that was applied last. */
    configured_hash: z.string().nullable(),
  })
  .nullable();

/**
 * Makes the first operator's account fit the settings: the account is made when it does not exist, and takes the password of the
 * settings when they name another one than
 * before. A password that was changed over HTTP stays until then.
 *
 * @throws UnavailableError when the database is not there
 */
export async function ensureOperator(
  { db, log }: { db: Db; log: Logger },
  { email, password }: { email: string; password: string },
): Promise<void> {
  const hash = await hashPassword(password);
  const created = await db.call((client) =>
    client.rpc('ensure_operator', { p_email: email, p_password_hash: hash }),
  );
  if (created) return log.info('the first operator account was made');
  const stored: unknown = await db.call((client) => client.rpc('configured_operator', { p_email: email }));
  const user = Configured.parse(stored);
  if (!user) return;
  if (user.role !== 'operator') {
    return log.error('OPERATOR_EMAIL is the account of a user: no operator can log in with it');
  }
  if (await verifyPassword(user.configured_hash ?? undefined, password)) return;
  const replaced = await db.call((client) =>
    client.rpc('replace_operator_password', {
      p_email: email,
      p_stored_hash: nullable(user.password_hash),
      p_new_hash: hash,
    }),
  );
  if (replaced) log.warn('the operator has another password now: the one of OPERATOR_PASSWORD');
}
