import type pg from 'pg';
import { readFunctionFiles } from '../../functions/read-function-files.ts';

// After the migrations of an earlier release there may be no function yet that makes a day.
const needed = new Set(['audit/lane_count.sql', 'audit/partition_of.sql', 'audit/make_partition.sql']);

/** Makes the partitions of the audit log for some days; those that are there stay. */
export async function makeAuditDays(client: pg.Client, days: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ known: boolean }>(
    `select to_regprocedure('actp_audit.make_partition(date)') is not null as known`,
  );
  if (rows[0]?.known !== true) {
    await client.query('set local check_function_bodies = off');
    for (const { file, text } of await readFunctionFiles()) if (needed.has(file)) await client.query(text);
  }
  for (const day of days) await client.query('select actp_audit.make_partition($1::date)', [day]);
}
