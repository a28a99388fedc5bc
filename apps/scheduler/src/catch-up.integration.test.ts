import { beforeEach, describe, expect, it } from 'vitest';
import { catchUpJobId } from '@actp/services/schedules/run-tick';
import { cronTable, type CronEntry } from '@actp/shared/cron-table';
import { lastTick } from '@actp/shared/ticks';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { findMissedRuns } from './missed-runs.ts';
import { dueAgo, entry, minute, now, openSchedule, table, tz, week } from './schedule.fixture.ts';

const stores = await openStores();
const schedule = await openSchedule(stores);
const { db, producer, catchUp, sync, scheduler, waitingIds, runs, work, idle, known, rewind } = schedule;
const tick = { schedule: entry.name, dueAt: dueAgo };
beforeEach(() => schedule.forget());

describe('a tick that fell due while nobody could run it', () => {
  it('is the one the test means', () => expect(lastTick(entry.pattern, tz, Date.now())).toEqual(dueAgo));

  it('waits for its worker: putting the schedules right does not throw it away', async () => {
    await known();
    // Made before it was due; then the plane, or its worker, was down.
    await producer.use('audit', (queue) =>
      queue.upsertJobScheduler(
        entry.name,
        { pattern: entry.pattern, tz, startDate: dueAgo.getTime() - 1 },
        { name: 'weekly-audit-summary', data: {} },
      ),
    );
    // BullMQ makes no job for the past: it is moved there, as time would have done.
    await rewind();
    await sync();
    await sync();
    expect((await scheduler())?.next).toBe(dueAgo.getTime());
    const { done, close } = work();
    await eventually(() => done.length === 1);
    await idle();
    await close();
    expect(await runs()).toMatchObject([{ due_at: dueAgo, status: 'completed' }]);
    expect((await scheduler())?.next).toBe(dueAgo.getTime() + week);
  });

  it('is caught up once when its job is lost, by four schedulers that start at once', async () => {
    await known();
    await Promise.all([1, 2, 3, 4].map(() => sync()));
    const added = await Promise.all([1, 2, 3, 4].map(() => catchUp()));
    expect(added.flat().length).toBeGreaterThanOrEqual(1);
    expect((await waitingIds()).filter((id) => id === catchUpJobId(tick))).toHaveLength(1);
    const { done, close } = work();
    await eventually(() => done.length > 0);
    expect(await catchUp()).toEqual([]);
    await idle();
    await close();
    expect(done).toEqual([catchUpJobId(tick)]);
    expect(await runs()).toMatchObject([{ due_at: dueAgo, status: 'completed', job_id: catchUpJobId(tick) }]);
    expect((await scheduler())?.next).toBe(dueAgo.getTime() + week);
  });

  it('runs once when the late job and the one that catches up meet', async () => {
    await known();
    await producer.use('audit', (queue) =>
      queue.upsertJobScheduler(
        entry.name,
        { pattern: entry.pattern, tz },
        { name: 'weekly-audit-summary', data: {} },
      ),
    );
    await rewind();
    expect(await catchUp()).toEqual([tick]);
    const { promise: bothThere, resolve } = Promise.withResolvers<void>();
    const { done, close } = work(() => bothThere);
    await eventually(async () => (await runs()).length === 1);
    await eventually(() =>
      producer.use('audit', async (queue) => (await queue.getJobCountByTypes('completed')) === 1),
    );
    resolve();
    await eventually(() => done.length === 1);
    await idle();
    await close();
    expect(done).toHaveLength(1);
    const [skipped] = await producer.use('audit', async (queue) =>
      (await queue.getJobs(['completed'])).filter(({ id }) => id !== done[0]),
    );
    expect(skipped?.returnvalue).toEqual({ skipped: 'another job has this tick' });
  });

  it('is tried again by the same job when its work fails, and is on record as failed meanwhile', async () => {
    await known();
    const twice = { jobId: catchUpJobId(tick), attempts: 2, backoff: { type: 'fixed', delay: 1 } };
    await producer.use('audit', (queue) => queue.add('weekly-audit-summary', {}, twice));
    const tries: string[] = [];
    const { done, close } = work(async () => {
      tries.push(String((await runs())[0]?.status));
      if (tries.length === 1) throw new Error('no luck');
    });
    await eventually(() => done.length === 1);
    await idle();
    await close();
    expect(tries).toEqual(['started', 'started']);
    expect(await runs()).toMatchObject([{ status: 'completed', job_id: catchUpJobId(tick) }]);
  });

  it('that failed for good stays failed', async () => {
    await known();
    await producer.use('audit', (queue) =>
      queue.add('weekly-audit-summary', {}, { jobId: catchUpJobId(tick), attempts: 1 }),
    );
    const { close } = work(() => Promise.reject(new Error('no luck')));
    await eventually(async () => (await runs())[0]?.status === 'failed');
    await idle();
    await close();
    await producer.use('audit', (queue) => queue.obliterate({ force: true }));
    expect(await catchUp()).toEqual([]);
  });

  it('is caught up after it was reported as missed, too', async () => {
    await known();
    expect(await findMissedRuns({ db, table, tz, now })).toHaveLength(1);
    expect(await catchUp()).toEqual([tick]);
    const { done, close } = work();
    await eventually(() => done.length === 1);
    await idle();
    await close();
    expect(await runs()).toMatchObject([{ status: 'completed' }]);
    expect(await findMissedRuns({ db, table, tz, now })).toEqual([]);
  });

  it.each<[why: string, prepare: () => Promise<unknown>, over: Partial<CronEntry>]>([
    ['longer ago than its entry says', known, { catchUpSeconds: 60 }],
    ['of a schedule that is off', known, { enabled: false }],
    ['of before the first start', () => sync(), {}],
    [
      'that ran',
      async () => {
        await known();
        await stores.sql.query(
          `insert into actp_schedule_runs (schedule, due_at, status) values ($1, $2, 'completed')`,
          [entry.name, dueAgo],
        );
      },
      {},
    ],
    [
      'before one that ran',
      async () => {
        await known();
        await stores.sql.query(
          `insert into actp_schedule_runs (schedule, due_at, status) values ($1, $2, 'started')`,
          [entry.name, new Date(dueAgo.getTime() + minute)],
        );
      },
      {},
    ],
  ])('is not caught up: one %s', async (_why, prepare, over) => {
    await prepare();
    expect(await catchUp({ table: [{ ...entry, ...over }] })).toEqual([]);
  });

  it('is left to its own job as long as that may be on time', async () => {
    await known();
    expect(await catchUp({ now: () => dueAgo.getTime() + 10_000 })).toEqual([]);
    expect(await catchUp({ now: () => dueAgo.getTime() + 31_000 })).toEqual([tick]);
  });

  it('is not run by a job that comes to it too late, which is on record', async () => {
    await known();
    const old = { schedule: entry.name, dueAt: new Date(dueAgo.getTime() - week) };
    const { done, close } = work();
    const job = await producer.use('audit', (queue) =>
      queue.add('weekly-audit-summary', {}, { jobId: catchUpJobId(old) }),
    );
    await eventually(() =>
      producer.use('audit', async (queue) => (await queue.getJobState(job.id ?? '')) === 'completed'),
    );
    await close();
    expect(done).toEqual([]);
    expect(await runs()).toMatchObject([{ due_at: old.dueAt, status: 'skipped' }]);
  });
});

describe('the cron table', () => {
  it('says of every entry how late it may still run, and never so late that two ticks meet', () => {
    for (const { enabled, pattern, catchUpSeconds } of cronTable) {
      const day = 24 * 3_600;
      if (enabled) expect(catchUpSeconds).toBeGreaterThan(3_600);
      expect(catchUpSeconds).toBeLessThan(pattern.endsWith('*') ? day : 7 * day);
    }
  });
});
