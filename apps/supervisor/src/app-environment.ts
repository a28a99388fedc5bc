import type { StackEnv } from '@actp/embedded/stack-env';
import { databaseAppKey, type DatabaseApp } from '@actp/db/access/app-key';
import type { Environment } from '@actp/shared/env-file/merge';
import { withoutInspector } from './node-options.ts';

/** What no app needs: keys of the embedded stores, and the database's owner, who is only for migrations. */
const forNobody = [
  'ACTP_POSTGRES_PASSWORD',
  'ACTP_JWT_SECRET',
  'ACTP_REDIS_PASSWORD',
  'DATABASE_URL',
  'DATABASE_APP_SECRET',
  'DATABASE_APP_KEY',
];

/** As which app of the database each one is known. */
const databaseAppOf: Record<string, DatabaseApp> = {
  gateway: 'gateway',
  'approval-bot': 'bot',
  scheduler: 'scheduler',
  'selftest-runner': 'runner',
  auditor: 'auditor',
};

/** Secrets that not every app needs, and which do; the others run commands and talk to the outside. */
const neededBy: Record<string, readonly string[]> = {
  WORKER_SECRET: ['gateway'],
  WORKER_SECRET_PREVIOUS: ['gateway'],
  // The bot derives the key of its buttons from it.
  SESSION_SECRET: ['gateway', 'approval-bot'],
  OPERATOR_PASSWORD: ['gateway'],
  // The gateway says whether there is a bot.
  TELEGRAM_BOT_TOKEN: ['gateway', 'approval-bot'],
  CALLBACK_SECRET: ['scheduler'],
  SIGNING_SECRET: ['gateway'],
  AUDIT_SIGNING_KEY: ['auditor'],
  ACD_TOKEN: ['selftest-runner'],
};

/**
 * What an app finds in its environment: everything that was set, with the embedded stores' addresses put in, and without
 * the secrets that it does not need and without a debugger.
 *
 * @param settings environment and `.env`, merged
 */
export function appEnvironment(app: string, settings: Environment, stack: StackEnv): Environment {
  const { NODE_OPTIONS: options = '', ...others } = settings;
  const kept = withoutInspector(options);
  const entries = Object.entries({
    ...others,
    ...(kept === undefined ? {} : { NODE_OPTIONS: kept }),
    ...stack,
  });
  const given = entries.filter(
    ([name]) => !forNobody.includes(name) && neededBy[name]?.includes(app) !== false,
  );
  return { ...Object.fromEntries(given), ...appKey(app, settings['DATABASE_APP_SECRET']) };
}

function appKey(app: string, secret: string | undefined): Environment {
  const known = databaseAppOf[app];
  return known === undefined || secret === undefined
    ? {}
    : { DATABASE_APP_KEY: databaseAppKey(secret, known) };
}
