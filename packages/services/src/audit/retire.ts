import { z } from 'zod';
import type { Checkpoint, Head } from '@actp/db/audit/checkpoint';
import type { Db } from '@actp/db/client';

const idsPerCall = 10_000;

/** Makes the missing partitions of the coming days. @returns how many */
export const makePartitions = (db: Db, daysAhead: number): Promise<number> =>
  db.call((client) => client.rpc('make_audit_partitions', { p_days: daysAhead }));

/** The days that are older than `days` days. */
export async function listOldDays(db: Db, days: number): Promise<string[]> {
  return z.array(z.string()).parse(await db.call((client) => client.rpc('old_audit_days', { p_days: days })));
}

/**
 * Drops a day together with storing its last checkpoint.
 *
 * @param heads the ends of the day's chains as they were signed
 * @returns false when the day has changed since, or another auditor was first
 */
export const retireDay = (
  db: Db,
  day: string,
  { n, payload, signature }: Checkpoint,
  heads: readonly Head[],
): Promise<boolean> =>
  db.call((client) =>
    client.rpc('retire_audit_day', {
      p_day: day,
      p_heads: [...heads],
      p_n: n,
      p_payload: payload,
      p_signature: signature,
    }),
  );

/** Deletes the ids of events that were dropped with their day. @returns how many */
export async function deleteRetiredEventIds(db: Db): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await db.call((client) => client.rpc('forget_audit_event_ids', { p_limit: idsPerCall }));
    total += deleted;
    if (deleted < idsPerCall) return total;
  }
}
