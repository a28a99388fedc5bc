import { DbError } from '@actp/db/client';
import { databaseApps } from '@actp/db/access/app-key';
import { checkSupabase, type SupabaseTarget } from '../stores/check-supabase.ts';
import type { DatabaseAnswer } from './facts.ts';
import { asEmbedded, fail, kindOf, off, ok, warn, type Check, type Finding } from './finding.ts';

const name = 'database';
const oldestPostgres = 15;
// PostgREST's and Postgres' codes for a function that is not there.
const missingFunction = ['PGRST202', '42883'];

export interface DatabaseDeps {
  /** Undefined: the embedded one, which does not run. */
  target: SupabaseTarget | undefined;
  /** Undefined: not known here. */
  embedded: boolean | undefined;
  facts: () => Promise<DatabaseAnswer>;
  /** The migrations of this checkout. */
  migrations: () => Promise<readonly string[]>;
}

/** Whether the database can be reached through PostgREST, accepts the keys of the apps, and is on the release of this checkout. */
export const databaseCheck = ({ target, embedded, facts, migrations }: DatabaseDeps): Check => ({
  name,
  async look() {
    if (target === undefined) return off(name, 'the embedded one, which runs with the plane');
    const problem = await checkSupabase(target);
    if (problem !== undefined) {
      const remedy = embedded
        ? 'See postgres.log in ACTP_DATA_DIR/logs, then start the plane again'
        : problem.remedy;
      return fail(name, embedded === true ? asEmbedded(problem.problem) : problem.problem, remedy);
    }
    try {
      const answer = await facts();
      return [versionOf(answer, embedded), migrationsOf(answer, await migrations()), keysOf(answer)];
    } catch (error) {
      if (error instanceof DbError) return refusalOf(error);
      throw error;
    }
  },
});

function refusalOf(error: DbError): Finding {
  if (missingFunction.includes(error.sqlState)) {
    return fail(
      'migrations',
      'the functions of this release are not in the database',
      'Start this release with DATABASE_URL set (the owner of that database), so that they are applied',
    );
  }
  if (error.code === 'forbidden') {
    return fail(
      'app keys',
      'the database does not accept the keys of the apps',
      'Set DATABASE_URL and start again, so that they are registered; machines of one plane need the same DATABASE_APP_SECRET',
    );
  }
  return fail(name, `rejects the query (${error.sqlState})`, 'See postgres.log, or the log of the project');
}

function versionOf({ facts }: DatabaseAnswer, embedded: boolean | undefined): Finding {
  const major = Math.floor(facts.postgres / 10_000);
  const detail = `${kindOf(embedded)}Postgres ${major}.${facts.postgres % 10_000}, behind PostgREST`;
  if (major >= oldestPostgres) return ok(name, detail);
  return fail(name, `${detail}: too old`, `Use Postgres ${oldestPostgres} or later`);
}

function migrationsOf({ facts }: DatabaseAnswer, ours: readonly string[]): Finding {
  const applied = new Set(facts.migrations);
  const missing = ours.filter((version) => !applied.has(version));
  const newest = ours.at(-1) ?? '';
  if (missing.length > 0) {
    return fail(
      'migrations',
      `${missing.length} are not applied (from ${missing[0]})`,
      'Start this release with DATABASE_URL set (the owner of that database)',
    );
  }
  const known = new Set(ours);
  const ahead = facts.migrations.filter((version) => !known.has(version) && version > newest);
  if (ahead.length > 0 || (facts.release ?? '') > newest) {
    return fail(
      'migrations',
      'a newer release has migrated this database',
      'Start that release here as well',
    );
  }
  return ok('migrations', `all ${ours.length} applied`);
}

function keysOf({ facts }: DatabaseAnswer): Finding {
  const missing = databaseApps.filter((app) => !facts.apps.includes(app));
  if (missing.length === 0) return ok('app keys', 'accepted');
  return warn(
    'app keys',
    `not registered: ${missing.join(', ')}`,
    'Start once with DATABASE_URL set (the owner of that database)',
  );
}
