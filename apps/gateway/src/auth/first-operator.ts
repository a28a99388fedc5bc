import type { Db } from '@actp/db/client';
import { ensureOperator } from '@actp/services/users/ensure-operator';
import type { Logger } from '@actp/shared/log';

const retryMs = 2_000;

export interface OperatorDeps {
  db: Db;
  log: Logger;
}

export interface Operator {
  email: string;
  password: string;
}

export interface FirstOperator {
  /** Whether the account fits the settings, so that the operator can log in. */
  isDone(): boolean;
  /** Gives up trying. */
  stop(): void;
}

/**
 * Makes the first operator's account fit the settings, as soon as the database is there: the account is made when it
 * does not exist, and takes the password of the settings when it has another one, so that `.env` is the truth.
 */
export function ensureFirstOperator(
  deps: OperatorDeps,
  operator: Operator,
  againMs = retryMs,
): FirstOperator {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let done = false;
  const attempt = async () => {
    try {
      await ensureOperator(deps, operator);
      done = true;
    } catch (error) {
      deps.log.warn({ err: error }, 'the first operator account is still to be made');
      if (!stopped) timer = setTimeout(() => void attempt(), againMs);
    }
  };
  void attempt();
  return {
    isDone: () => done,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
