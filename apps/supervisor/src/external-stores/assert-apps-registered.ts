import { setTimeout as delay } from 'node:timers/promises';
import { assertAccepted } from '@actp/db/access/assert-accepted';
import { createDb } from '@actp/db/client';
import { StartupError } from '@actp/embedded/startup-error';
import { databaseAppKey } from '@actp/db/access/app-key';

export interface RegisteredTarget {
  SUPABASE_URL: string;
  SUPABASE_SERVICE_ROLE_KEY: string;
  DATABASE_APP_SECRET: string;
}

// PostgREST reads its configuration again when it is told to, a moment later.
const attempts = 40;
const pauseMs = 250;

/**
 * Waits until the database accepts the keys of the apps.
 *
 * @throws StartupError with a remedy when it does not
 */
export async function assertAppsRegistered(target: RegisteredTarget, signal: AbortSignal): Promise<void> {
  const db = createDb(
    { ...target, DATABASE_APP_KEY: databaseAppKey(target.DATABASE_APP_SECRET, 'gateway') },
    'gateway',
  );
  for (let attempt = 1; ; attempt += 1) {
    try {
      await assertAccepted(db);
      return;
    } catch (cause) {
      if (attempt === attempts) throw notRegistered(cause);
    }
    await delay(pauseMs, undefined, { signal });
  }
}

const notRegistered = (cause: unknown) =>
  new StartupError(
    'The database does not accept the keys of the apps.',
    'Set DATABASE_URL (as the owner of that database), so that they are registered at start; or run, in the checkout: ' +
      'DATABASE_URL=<URL of the owner> DATABASE_APP_SECRET=<as in .env> node_modules/.bin/node packages/db/src/main.ts. ' +
      'Machines of one plane need the same DATABASE_APP_SECRET.',
    { cause },
  );
