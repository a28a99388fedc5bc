import { z } from 'zod';
import type { Db } from '@actp/db/client';

const Services = z.array(z.object({ name: z.string(), up: z.boolean(), detail: z.string() })).catch([]);
const Failures = z
  .array(z.object({ suite: z.string().nullish(), test: z.string(), message: z.string().nullish() }))
  .catch([]);
const Heal = z
  .object({
    state: z.string(),
    reason: z.string().nullish(),
    suites: z
      .array(
        z.object({
          suite: z.string(),
          state: z.string(),
          step: z.string().nullish(),
          reason: z.string().nullish(),
        }),
      )
      .catch([]),
  })
  .nullable()
  .catch(null);

const columns =
  'run_id, created_at, trigger, status, tests_total, tests_passed, services_up, services_total, services, failures, heal';

export type RecentSelfTest = Awaited<ReturnType<typeof recentSelfTests>>[number];

/** The last self-tests in short, newest first. */
export async function recentSelfTests(db: Db, limit: number) {
  const rows = await db.call((client) =>
    client
      .from('actp_agent_health_snapshots')
      .select(columns)
      .order('created_at', { ascending: false })
      .limit(limit),
  );
  return rows.map((row) => ({
    ...row,
    services: Services.parse(row.services),
    failures: Failures.parse(row.failures),
    heal: Heal.parse(row.heal),
  }));
}

/** The self-test that is running; undefined when none is. */
export async function runningSelfTest(db: Db) {
  const [run] = await db.call((client) =>
    client.from('actp_selftest_runs').select('trigger, step, started_at').is('finished_at', null).limit(1),
  );
  return run;
}
