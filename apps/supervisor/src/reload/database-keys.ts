import { registerApps, retireApps } from '@actp/db/access/register-apps';
import { setAuditRetention } from '@actp/db/audit/set-retention';
import type { StackEnv } from '@actp/embedded/stack-env';
import type { Environment } from '@actp/shared/env-file/merge';
import { readPlaneSettings } from '@actp/shared/plane-settings';
import { assertAppsRegistered } from '../external-stores/assert-apps-registered.ts';

export interface DatabaseKeys {
  /** Before apps start anew: the keys of a new DATABASE_APP_SECRET, beside those of before; and how long the log is kept. */
  register(signal: AbortSignal): Promise<void>;
  /** After the last one: ends the keys of before, where no other machine can have them. @returns what is left to do */
  retire(): Promise<string[]>;
}

/** What of changed settings stands in the database. */
export function createDatabaseKeys(before: Environment, after: Environment, stack: StackEnv): DatabaseKeys {
  const settings = readPlaneSettings(after);
  const databaseUrl = stack.DATABASE_URL ?? settings.DATABASE_URL;
  const former = before['DATABASE_APP_SECRET'];
  const changed = former !== undefined && former !== settings.DATABASE_APP_SECRET;
  return {
    async register(signal) {
      if (databaseUrl !== undefined) {
        if (changed) await registerApps({ databaseUrl, secret: settings.DATABASE_APP_SECRET });
        if (before['AUDIT_RETENTION_DAYS'] !== after['AUDIT_RETENTION_DAYS']) {
          await setAuditRetention({ databaseUrl, days: settings.AUDIT_RETENTION_DAYS });
        }
      }
      if (changed) await assertAppsRegistered({ ...settings, ...stack }, signal);
    },
    async retire() {
      if (!changed || former === undefined) return [];
      if (stack.DATABASE_URL === undefined) {
        return [
          'The keys of the former DATABASE_APP_SECRET stay valid, because apps on other machines may use them; docs/operations.md says how to end them',
        ];
      }
      await retireApps({ databaseUrl: stack.DATABASE_URL, secret: former });
      return [];
    },
  };
}
