import process from 'node:process';
import { configOrExit } from '@actp/shared/lifecycle';
import { settings } from '@actp/shared/settings';
import { migrate } from './migrate.ts';

// Migrates the database of DATABASE_URL: for a database of one's own, and for test runs.
const env = configOrExit({ DATABASE_URL: settings.DATABASE_URL.unwrap() }, process.env);

try {
  const { applied, functions, notice } = await migrate({ databaseUrl: env.DATABASE_URL });
  if (applied.length > 0) process.stdout.write(`Applied ${applied.join(', ')}.\n`);
  if (functions.length > 0) process.stdout.write(`Applied ${functions.length} function files.\n`);
  if (applied.length + functions.length === 0)
    process.stdout.write(`${notice ?? 'The database is up to date.'}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
