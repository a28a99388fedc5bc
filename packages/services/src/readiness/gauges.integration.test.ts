import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { lastScheduleRuns } from '../schedules/last-runs.ts';
import { openTasks } from '../tasks/releases.fixture.ts';
import { readGauges } from './gauges.ts';

const stores = await openStores();
const { sql } = stores;
const db = createDb(stores.env, 'gateway', 20_000);

it('metrics show what is open and since when, and nothing where nothing is', async () => {
  await sql.query('truncate actp_notifications cascade');
  expect(await readGauges(db)).toMatchObject({
    ...{ approvals_pending: 0, approvals_oldest: null, notifications_oldest: null, checkpoint_age: null },
    ...{ tasks: {}, effects_unknown: 0, kill_switches: 0, self_test_age: null, self_test_passed: null },
  });
  const { executor, task } = await openTasks(stores);
  await executor().claim(await task());
  await task();
  await sql.query(
    `insert into actp_approval_queue (action, details, requested_by, created_at, expires_at)
     values ('pay', '{}', 'me', now() - interval '1 minute', now() + interval '1 hour')`,
  );
  await sql.query(
    `insert into actp_kill_switches (scope, reason, set_by) values ('all', 'x', 'operator:a@b.c')`,
  );
  await sql.query(
    `insert into actp_agent_health_snapshots (run_id, trigger, status, services_up, services_total, created_at)
     values ($1, 'nightly', 'failed', 1, 1, now() - interval '1 hour')`,
    [randomUUID()],
  );
  await sql.query(
    `insert into actp_notifications (dedupe_key, kind, body, created_at) values ('a', 'b', 'c', now() - interval '1 minute')`,
  );
  const gauges = await readGauges(db);
  expect(gauges).toMatchObject({
    ...{ approvals_pending: 1, tasks: { queued: 1, running: 1 }, kill_switches: 1, self_test_passed: false },
  });
  for (const age of ['approvals_oldest', 'notifications_oldest'] as const)
    expect(gauges[age]).toBeGreaterThanOrEqual(60);
  expect(gauges.self_test_age).toBeGreaterThanOrEqual(3_600);
});

it('the last run of each schedule is known', async () => {
  expect(await lastScheduleRuns(db)).toEqual([]);
  await sql.query(
    `insert into actp_schedule_runs (schedule, due_at, status, job_id)
     values ('review', '2026-01-01', 'completed', 'a'), ('review', '2026-01-08', 'failed', 'b'), ('audit', '2026-01-02', 'completed', 'c')`,
  );
  expect(await lastScheduleRuns(db)).toMatchObject([
    { schedule: 'audit', status: 'completed' },
    { schedule: 'review', status: 'failed', due_at: expect.stringMatching(/^2026-01-08/) as string },
  ]);
});
