import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { Checkpoint } from '../audit/checkpoint.ts';

const migrationsDir = join(import.meta.dirname, '..', '..', 'supabase', 'migrations');
const lastMigration = '20261116000000';

/** What the data folder of the first release keeps outside the database: the key that signs. */
export const auditPublicKey = 'MCowBQYDK2VwAyEAsaXS0klaWuISG2DsUoDSENzVfODAggmw79RN89rALis=';

/** Ids of recorded approvals, by the state that they were left in. */
export const recorded = {
  pending: '7b5c8a56-f4dc-4750-b420-71ca90f5ccc2',
  approved: '018e1edf-4d0d-4f01-bb3b-29c19aaf7f46',
  redeemed: '2706ef4f-0dcc-4e71-955f-e580132bfdd7',
  succeeded: '4e8484dc-812f-455c-af23-38aae3f6df8e',
  failed: '3f7b5e8d-a4a9-4aa9-853a-2ccb09c387f3',
  rejected: 'b0c94976-3aba-4a7e-9636-70e1079571b9',
  cancelled: 'd8392e96-da03-4e25-a479-6b7de4a201aa',
  expired: 'a0ee4e26-cecf-4133-8df4-3def9b15bb99',
};

/** Makes an empty database what the first release left: its migrations as they are, then the rows that were recorded. */
export async function restoreFirstRelease(sql: pg.Pool): Promise<void> {
  for (const file of (await readdir(migrationsDir)).toSorted()) {
    if (file.endsWith('.sql') && file < `${lastMigration}_~`) {
      await sql.query(await readFile(join(migrationsDir, file), 'utf8'));
    }
  }
  // As the Supabase CLI makes it.
  await sql.query(
    `create schema supabase_migrations;
     create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text)`,
  );
  const rows = await readFile(join(import.meta.dirname, 'first-release.sql'), 'utf8');
  // Migrations make partitions from today on; these rows have the day on which they were recorded.
  await sql.query(`select actp_audit.make_partition('2026-11-26')`);
  await asOwnerWithoutTriggers(sql, `delete from actp_audit.lanes where day = '2026-11-26'; ${rows}`);
}

/** Every row of every table, as JSON, but for what migrations themselves fill: for comparing before and after. */
export async function rowsByTable(sql: pg.Pool): Promise<Map<string, Record<string, unknown>[]>> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace::regnamespace::text in ('public', 'actp_audit') and relkind in ('r', 'p') and not relispartition
       and oid <> 'actp_audit.secret_marks'::regclass
     order by 1`,
  );
  const all = new Map<string, Record<string, unknown>[]>();
  for (const { name } of tables) {
    const { rows } = await sql.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${name} t`,
    );
    all.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return all;
}

/** The newest recorded checkpoint, as the auditor keeps it in a file of its own. */
export async function checkpointOutside(sql: pg.Pool): Promise<Checkpoint> {
  const { rows } = await sql.query(
    'select n::integer, payload, signature from actp_audit.checkpoints order by n desc',
  );
  return Checkpoint.parse(rows[0]);
}

/** What was recorded has a date of its own; an approval can only be decided before its end. */
export async function prolong(sql: pg.Pool, id: string): Promise<void> {
  await asOwnerWithoutTriggers(
    sql,
    `update public.actp_approval_queue
     set expires_at = now() + interval '1 hour', decided_at = case when decided_at is not null then now() end
     where id = '${id}'`,
  );
}

async function asOwnerWithoutTriggers(sql: pg.Pool, statements: string): Promise<void> {
  await sql.query(`begin; set local session_replication_role = replica; ${statements}; commit`);
}
