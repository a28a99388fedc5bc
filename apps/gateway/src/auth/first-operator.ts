import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';
import { hashPassword, verifyPassword } from './password.ts';

const retryMs = 2_000;

export interface OperatorDeps {
  db: Db;
  log: Logger;
}

export interface Operator {
  email: string;
  password: string;
}

/**
 * Makes the first operator's account fit the settings, as soon as the database is there: the account is made when it
 * does not exist, and takes the password of the settings when it has another one, so that `.env` is the truth.
 *
 * @returns a function that gives up trying
 */
export function ensureFirstOperator(deps: OperatorDeps, operator: Operator): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const attempt = async () => {
    try {
      await ensureOperator(deps, operator);
    } catch (error) {
      deps.log.warn({ err: error }, 'the first operator account is still to be made');
      if (!stopped) timer = setTimeout(() => void attempt(), retryMs);
    }
  };
  void attempt();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** One attempt of it. @throws UnavailableError when the database is not there */
export async function ensureOperator(
  { db, log }: OperatorDeps,
  { email, password }: Operator,
): Promise<void> {
  const hash = await hashPassword(password);
  const made = await db.call((client) =>
    client.rpc('ensure_operator', { p_email: email, p_password_hash: hash }),
  );
  if (made) return log.info('the first operator account was made');
  const [user] = await db.call((client) => client.rpc('find_user', { p_email: email }));
  if (!user) return;
  if (user.role !== 'operator') {
    return log.error('OPERATOR_EMAIL is the account of a user: no operator can log in with it');
  }
  if (await verifyPassword(user.password_hash, password)) return;
  const replaced = await db.call((client) =>
    client.rpc('replace_operator_password', {
      p_email: email,
      p_stored_hash: user.password_hash,
      p_new_hash: hash,
    }),
  );
  if (replaced) log.warn('the operator has another password now: the one of OPERATOR_PASSWORD');
}
