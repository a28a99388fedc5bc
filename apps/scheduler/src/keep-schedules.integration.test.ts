import { randomUUID } from 'node:crypto';
import { createDb } from '@actp/db/client';
import { beginRun } from '@actp/services/self-test/run';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { expect, it } from 'vitest';
import { keepSchedules } from './keep-schedules.ts';
import { dueAgo, entry, now, openSchedule, table, tz } from './schedule.fixture.ts';

const stores = await openStores();
const schedule = await openSchedule(stores);
const log = createLogger({ app: 'test', level: 'silent' });

it('[SEC-001] a tick that nobody took up is caught up and told, and a self-test without its runner is ended', async () => {
  await schedule.known();
  const runId = randomUUID();
  const runner = createDb(stores.env, 'runner', 20_000);
  await beginRun(runner, { runId, trigger: 'http', jobId: 'job-1', holder: 'gone', leaseSeconds: 60 });
  await stores.sql.query(`update actp_selftest_runs set lease_until = now() - interval '1 second'`);

  const { db, producer } = schedule;
  const stop = keepSchedules({ db, producer, log, table, tz, now, timings: { syncMs: 100, watchMs: 100 } });
  atEnd(stop);
  await eventually(async () => (await schedule.scheduler())?.key === entry.name);
  await eventually(async () =>
    (await schedule.waitingIds()).includes(`tick-${entry.name}-${dueAgo.getTime()}`),
  );
  const id = await eventually(async () => {
    const { rows } = await stores.sql.query<{ id: string }>(
      `select id from actp_notifications where kind = 'schedule.missed'`,
    );
    return rows[0]?.id;
  });
  // Not only when the bot next looks.
  await eventually(() =>
    producer.use('notify', async (queue) => (await queue.getJob(`notification-${id}`)) !== undefined),
  );
  const ended = await eventually(async () => {
    const { rows } = await stores.sql.query<{ status: string }>(
      'select status from actp_agent_health_snapshots where run_id = $1',
      [runId],
    );
    return rows[0]?.status;
  });
  expect(ended).toBe('error');
  await stop();
});
