import process from 'node:process';
import { configOrExit } from '@actp/shared/lifecycle';
import { settings } from '@actp/shared/settings';
import { registerApps } from './access/register-apps.ts';
import { setAuditRetention } from './audit/set-retention.ts';
import { migrate } from './migrate.ts';

// Migrates the database of DATABASE_URL: for a database of one's own, and for test runs. With DATABASE_APP_SECRET it also registers the
// keys of the apps and stores AUDIT_RETENTION_DAYS, as a start does.
const shape = {
  DATABASE_URL: settings.DATABASE_URL.unwrap(),
  DATABASE_APP_SECRET: settings.SESSION_SECRET.optional(),
  AUDIT_RETENTION_DAYS: settings.AUDIT_RETENTION_DAYS,
};
const env = configOrExit(shape, process.env);

try {
  const { applied, functions, notice } = await migrate({ databaseUrl: env.DATABASE_URL });
  if (env.DATABASE_APP_SECRET !== undefined) {
    await registerApps({ databaseUrl: env.DATABASE_URL, secret: env.DATABASE_APP_SECRET });
    await setAuditRetention({ databaseUrl: env.DATABASE_URL, days: env.AUDIT_RETENTION_DAYS });
  }
  if (applied.length > 0) process.stdout.write(`Applied ${applied.join(', ')}.\n`);
  if (functions.length > 0) process.stdout.write(`Applied ${functions.length} function files.\n`);
  if (applied.length + functions.length === 0)
    process.stdout.write(`${notice ?? 'The database is up to date.'}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
