import { createDb } from '@actp/db/client';
import { runTick } from '@actp/services/schedules/run-tick';
import type { CronEntry } from '@actp/shared/cron-table';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import type { Stores } from '@actp/testing/stores';
import { catchUpRuns } from './catch-up.ts';
import { syncSchedulers } from './sync-schedulers.ts';

export const tz = 'UTC';
export const minute = 60_000;
export const hour = 60 * minute;
export const week = 7 * 24 * hour;
/** Due every time between a quarter and half an hour ago: tests run at any time. */
export const dueAgo = new Date(Math.floor((Date.now() - 15 * minute) / (15 * minute)) * 15 * minute);

/** A weekly schedule whose last tick was then. */
export const entry: CronEntry = {
  name: 'weekly_audit_summary',
  queue: 'audit',
  job: 'weekly-audit-summary',
  pattern: `${dueAgo.getUTCMinutes()} ${dueAgo.getUTCHours()} * * ${dueAgo.getUTCDay()}`,
  enabled: true,
  payload: {},
  catchUpSeconds: 2 * 3_600,
};
export const table = [entry];
export const now = () => Date.now();

/** That schedule on the stores of a test file. */
export async function openSchedule(stores: Stores) {
  const db = createDb(stores.env, 'scheduler', 20_000);
  const log = createLogger({ app: 'test', level: 'silent' });
  const producer = createProducer({ redis: stores.env, log });
  atEnd(() => producer.close());
  await eventually(() => producer.ping().then(() => true));
  const scheduler = () => producer.use('audit', (queue) => queue.getJobScheduler(entry.name));

  return {
    db,
    producer,
    scheduler,
    catchUp: (over: Partial<Parameters<typeof catchUpRuns>[0]> = {}) =>
      catchUpRuns({ db, producer, table, tz, now, ...over }),
    sync: (over: Partial<Parameters<typeof syncSchedulers>[0]> = {}) =>
      syncSchedulers({ db, producer, table, tz, ...over }),
    waitingIds: () =>
      producer.use('audit', async (queue) =>
        (await queue.getJobs(['waiting', 'delayed'])).map(({ id }) => id),
      ),
    async runs() {
      const { rows } = await stores.sql.query<{ due_at: Date; status: string; job_id: string }>(
        'select due_at, status, job_id from actp_schedule_runs order by due_at',
      );
      return rows;
    },
    /** A worker, and the jobs that have done their tick's work. */
    work(run: () => Promise<void> = () => Promise.resolve()) {
      const done: Array<string | undefined> = [];
      const worker = createWorker({
        queue: 'audit',
        redis: stores.env,
        log,
        handlers: {
          'write-audit-events': () => Promise.reject(new Error('not here')),
          'retire-audit-days': () => Promise.reject(new Error('not here')),
          'weekly-audit-summary': (_payload, { job }) =>
            runTick({ db, log, table }, job, async () => {
              await run();
              done.push(job.id);
              return { notification_id: '00000000-0000-4000-8000-000000000000' };
            }),
        },
      });
      return { done, close: () => worker.close() };
    },
    idle: () =>
      eventually(() =>
        producer.use('audit', async (queue) => (await queue.getJobCountByTypes('waiting', 'active')) === 0),
      ),
    /** As a plane that has run since a week leaves the database. */
    known: () =>
      stores.sql.query(
        `insert into actp_schedules (name, pattern, tz, valid_from) values ($1, $2, $3, now() - interval '8 days')`,
        [entry.name, entry.pattern, tz],
      ),
    async forget() {
      await stores.redis.flushdb();
      for (const name of ['actp_schedule_runs', 'actp_schedules', 'actp_notifications']) {
        await stores.sql.query(`delete from ${name}`);
      }
    },
    /** Moves the job of the next tick to the tick before, as if it had been made a week ago. */
    async rewind() {
      const key = '{actp-audit}:audit';
      const next = (await scheduler())?.next ?? 0;
      const ids = [`repeat:${entry.name}:${next}`, `repeat:${entry.name}:${dueAgo.getTime()}`] as const;
      const opts = await stores.redis.hget(`${key}:${ids[0]}`, 'opts');
      const moved = { ...(JSON.parse(opts ?? '{}') as object), prevMillis: dueAgo.getTime(), jobId: ids[1] };
      await stores.redis
        .multi()
        .rename(`${key}:${ids[0]}`, `${key}:${ids[1]}`)
        .hset(`${key}:${ids[1]}`, 'opts', JSON.stringify(moved))
        .zrem(`${key}:delayed`, ids[0])
        .zadd(`${key}:delayed`, dueAgo.getTime() * 4_096, ids[1])
        .zadd(`${key}:repeat`, dueAgo.getTime(), entry.name)
        .exec();
    },
  };
}
