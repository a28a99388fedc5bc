import type { LoadedPlane } from './own-plane.ts';
import { OptionError } from './options.ts';

/**
 * A plane that runs already. Presses and tasks are left out: there they would reach people and cost money.
 *
 * @param environment with the credentials; with REDIS_URL and DATABASE_URL the stores are looked at as well
 */
export function targetPlane(url: string, environment: Record<string, string | undefined>): LoadedPlane {
  const { WORKER_SECRET, OPERATOR_EMAIL = 'operator@actp.local', OPERATOR_PASSWORD } = environment;
  if (WORKER_SECRET === undefined || OPERATOR_PASSWORD === undefined) {
    throw new OptionError(
      '--target needs WORKER_SECRET and OPERATOR_PASSWORD (and OPERATOR_EMAIL) of that plane in the environment',
    );
  }
  return {
    url,
    secret: WORKER_SECRET,
    operator: { email: OPERATOR_EMAIL, password: OPERATOR_PASSWORD },
    telegram: undefined,
    tasks: false,
    redisUrl: environment['REDIS_URL'],
    databaseUrl: environment['DATABASE_URL'],
    processes: () => Promise.resolve({}),
    stop: () => Promise.resolve(),
  };
}
