import { beforeEach, describe, expect, it } from 'vitest';
import { catchUpJobId } from '@actp/services/schedules/run-tick';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { findMissedRuns } from './missed-runs.ts';
import { dueAgo, entry, hour, minute, openSchedule, table, tz, week } from './schedule.fixture.ts';

const stores = await openStores();
const schedule = await openSchedule(stores);
const { db, producer, catchUp, sync, scheduler, waitingIds, work, idle, known } = schedule;
beforeEach(() => schedule.forget());

describe('a process whose clock is wrong', () => {
  it('runs a tick too early, and then not again when it is due', async () => {
    await known();
    const soon = { schedule: entry.name, dueAt: new Date(dueAgo.getTime() + week) };
    const { done, close } = work();
    await producer.use('audit', (queue) =>
      queue.add('weekly-audit-summary', {}, { jobId: catchUpJobId(soon) }),
    );
    await eventually(() => done.length === 1);
    await idle();
    await close();
    await producer.use('audit', (queue) => queue.obliterate({ force: true }));
    expect(await catchUp({ now: () => soon.dueAt.getTime() + minute })).toEqual([]);
    expect(await findMissedRuns({ db, table, tz, now: () => soon.dueAt.getTime() + hour })).toEqual([]);
  });

  it('and is behind counts from the database: its last tick is not made again', async () => {
    const real = Date.now();
    const database = real + 3 * hour;
    const dueIn = new Date(Math.floor((database + hour) / minute) * minute);
    const coming = [{ ...entry, pattern: `${dueIn.getUTCMinutes()} ${dueIn.getUTCHours()} * * *` }];
    const between = [
      { ...entry, pattern: `${dueIn.getUTCMinutes()} ${(dueIn.getUTCHours() + 22) % 24} * * *` },
    ];
    await sync({ table: coming, now: () => database });
    expect((await scheduler())?.next).toBe(dueIn.getTime());
    await sync({ table: between, now: () => database });
    expect((await scheduler())?.next).toBe(dueIn.getTime() + 22 * hour);
  });

  it('and is ahead leaves the coming run, which it has behind it, in its place', async () => {
    const real = Date.now();
    const database = real - 3 * hour;
    const dueIn = Math.floor((database + hour) / minute) * minute;
    const at = new Date(dueIn);
    const coming = [{ ...entry, pattern: `${at.getUTCMinutes()} ${at.getUTCHours()} * * *` }];
    await sync({ table: coming, now: () => database });
    // As a process with the right clock has made it.
    await stores.redis.zadd('{actp-audit}:audit:repeat', dueIn, entry.name);
    await sync({ table: coming, now: () => database });
    expect((await scheduler())?.next).toBe(dueIn);
    expect(await findMissedRuns({ db, table: coming, tz, now: () => database })).toEqual([]);
  });

  it('does not keep others from the next run: one that it has moved on is put back', async () => {
    await sync();
    const ahead = Date.now() + 8 * 24 * hour;
    await producer.use('audit', (queue) =>
      queue.upsertJobScheduler(
        entry.name,
        { pattern: entry.pattern, tz, startDate: ahead },
        { name: 'weekly-audit-summary', data: {} },
      ),
    );
    expect((await scheduler())?.next).toBeGreaterThan(ahead);
    await sync();
    expect((await scheduler())?.next).toBe(dueAgo.getTime() + week);
    expect(await waitingIds()).toHaveLength(1);
  });

  it('has taken a job too early: the schedule is not made twice for it', async () => {
    await sync();
    const next = (await scheduler())?.next ?? 0;
    // As a worker does that starts it: the next one is made.
    await stores.redis.zadd('{actp-audit}:audit:repeat', next + week, entry.name);
    await sync();
    expect(await waitingIds()).toEqual([`repeat:${entry.name}:${next}`]);
  });
});
