import { z } from 'zod';
import type { Db } from '@actp/db/client';

const Seconds = z.number().nullable();

const Gauges = z.object({
  approvals_pending: z.int(),
  /** Null when nothing waits. */
  approvals_oldest: Seconds,
  notifications_oldest: Seconds,
  /** Null before the first one. */
  checkpoint_age: Seconds,
  unsigned_oldest: Seconds,
  /** By status: those that are open, and those that ended in the last day. */
  tasks: z.record(z.string(), z.int()),
  effects_unknown: z.int(),
  kill_switches: z.int(),
  self_test_age: Seconds,
  self_test_passed: z.boolean().nullable(),
});
export type Gauges = z.output<typeof Gauges>;

/** What metrics show of the database; ages are in seconds. @throws UnavailableError when the database is unavailable */
export const readGauges = async (db: Db): Promise<Gauges> =>
  Gauges.parse(await db.call((client) => client.rpc('plane_gauges')));
