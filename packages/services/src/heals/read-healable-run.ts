import { z } from 'zod';
import type { Db } from '@actp/db/client';

// Written by ourselves; of older rows parts may be missing.
const Suites = z
  .array(z.looseObject({ name: z.string(), status: z.string(), timed_out: z.boolean().default(false) }))
  .catch([]);
const Failures = z
  .array(
    z.looseObject({
      suite: z.string().nullable(),
      test: z.string().nullable(),
      message: z.string().default(''),
    }),
  )
  .catch([]);
const Flaky = z.array(z.looseObject({ suite: z.string(), test: z.string() })).catch([]);
const HealColumn = z
  .looseObject({ state: z.string(), request: z.string().optional() })
  .nullable()
  .catch(null);

/** What a snapshot says about what could be healed. */
export interface HealableRun {
  status: string;
  failed: Array<{ name: string; timed_out: boolean; failures: Array<{ test: string; message: string }> }>;
  flaky: Array<{ suite: string; test: string }>;
  /** The request whose healing is not over; null when there is none. */
  openRequest: string | null;
  row: Record<string, unknown>;
}

/** @returns null when there is no such self-test run */
export async function readHealableRun(db: Db, runId: string): Promise<HealableRun | null> {
  const [row] = await db.call((client) =>
    client.from('actp_agent_health_snapshots').select('*').eq('run_id', runId).limit(1),
  );
  if (row === undefined) return null;
  const failures = Failures.parse(row.failures);
  const heal = HealColumn.parse(row.heal);
  const red = row.status === 'failed' || row.status === 'error';
  const open = heal !== null && (heal.state === 'queued' || heal.state === 'running');
  return {
    status: row.status,
    failed: Suites.parse(row.suites)
      .filter(({ status }) => red && status === 'failed')
      .map(({ name, timed_out }) => ({
        name,
        timed_out,
        failures: failures.flatMap(({ suite, test, message }) =>
          suite === name && test !== null ? [{ test, message }] : [],
        ),
      })),
    flaky: Flaky.parse(row.flaky),
    openRequest: open ? (heal.request ?? null) : null,
    row,
  };
}
