import type pg from 'pg';
import { AppError } from '@actp/shared/errors';
import { cannotApply } from './function-error.ts';
import type { FunctionFile } from './read-function-files.ts';

/** Signatures by name, as `schema.name`. */
export type Signatures = Map<string, string[]>;

/** What the database has of the functions that the files define, under any signature. */
export async function signaturesOf(client: pg.Client, files: FunctionFile[]): Promise<Signatures> {
  const { rows } = await client.query<{ name: string; signatures: string[] }>(
    `select n.nspname || '.' || p.proname as name, array_agg(p.oid::regprocedure::text order by p.oid) as signatures
     from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where n.nspname || '.' || p.proname = any ($1)
     group by 1`,
    [files.flatMap(({ functions }) => functions)],
  );
  return new Map(rows.map(({ name, signatures }) => [name, signatures]));
}

/**
 * Checks what was just defined: every body, now that all functions are there, and that no function was left behind under
 * its old signature.
 *
 * @param before what there was before the files were applied
 * @throws AppError that names the file and what to do
 */
export async function checkDefinitions(
  client: pg.Client,
  files: FunctionFile[],
  before: Signatures,
): Promise<void> {
  const after = await signaturesOf(client, files);
  for (const { file, functions } of files) {
    for (const name of new Set(functions)) {
      const defined = functions.filter((other) => other === name).length;
      const had = before.get(name) ?? [];
      const has = after.get(name) ?? [];
      // Another program's function of the same name was there before, and is nothing to us.
      if (had.length > 0 && has.length > had.length && has.length > defined)
        throw leftBehind(file, name, has);
    }
  }
  await checkBodies(client, files);
}

async function checkBodies(client: pg.Client, files: FunctionFile[]): Promise<void> {
  await client.query('set local check_function_bodies = on; savepoint unchecked');
  try {
    await validate(client, files);
  } catch (error) {
    // What Postgres says does not always name the function.
    await client.query('rollback to savepoint unchecked');
    for (const file of files) {
      await validate(client, [file]).catch((cause: unknown) => {
        throw cannotApply(file, cause, false);
      });
    }
    throw error;
  }
}

async function validate(client: pg.Client, files: FunctionFile[]): Promise<void> {
  await client.query(
    `select case l.lanname
       when 'sql' then pg_catalog.fmgr_sql_validator(p.oid) else pg_catalog.plpgsql_validator(p.oid) end
     from pg_catalog.pg_proc p
     join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname in ('sql', 'plpgsql') and n.nspname || '.' || p.proname = any ($1)`,
    [files.flatMap(({ functions }) => functions)],
  );
}

function leftBehind(file: string, name: string, signatures: string[]): AppError {
  return new AppError(
    'internal',
    `packages/db/sql/${file} changes the signature of ${name}, and the old one is still there: ${signatures.join(' and ')}.\n` +
      'Add a migration that drops the one that the file no longer defines.',
  );
}
