import type { StackEnv } from '@actp/embedded/stack';
import type { Environment } from './environment.ts';

/** Keys of the embedded stores themselves: apps get addresses and keys made from them. */
const storeSecrets = ['ACTP_POSTGRES_PASSWORD', 'ACTP_JWT_SECRET', 'ACTP_REDIS_PASSWORD'];

/** Secrets that not every app needs, and which do; the others run commands and talk to the outside. */
const neededBy: Record<string, readonly string[]> = {
  // The bot derives the key of its buttons from it.
  SESSION_SECRET: ['gateway', 'approval-bot'],
  OPERATOR_PASSWORD: ['gateway'],
  AUDIT_SIGNING_KEY: ['auditor'],
};

/**
 * What an app finds in its environment: everything that was set, with the embedded stores' addresses put in.
 *
 * @param settings environment and `.env`, merged
 */
export function appEnvironment(app: string, settings: Environment, stack: StackEnv): Environment {
  const entries = Object.entries({ ...settings, ...stack });
  return Object.fromEntries(
    entries.filter(([name]) => !storeSecrets.includes(name) && neededBy[name]?.includes(app) !== false),
  );
}
