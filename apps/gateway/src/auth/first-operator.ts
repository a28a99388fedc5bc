import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';
import { hashPassword } from './password.ts';

const retryMs = 2_000;

/**
 * Makes the first operator's account when it does not exist, as soon as the database is there.
 *
 * @returns a function that gives up trying
 */
export function ensureFirstOperator(
  deps: { db: Db; log: Logger },
  operator: { email: string; password: string },
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const attempt = async () => {
    try {
      const hash = await hashPassword(operator.password);
      const made = await deps.db.call((client) =>
        client.rpc('ensure_operator', { p_email: operator.email, p_password_hash: hash }),
      );
      if (made) deps.log.info('the first operator account was made');
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
