import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { lastTick } from '@actp/shared/ticks';
import { findMissedRuns } from './missed-runs.ts';

const stores = await openStores();
const db = createDb(stores.env, 'scheduler', 20_000);
const entry = {
  name: 'nightly_self_test',
  queue: 'selftest',
  job: 'run-self-test',
  pattern: '0 2 * * *',
  enabled: true,
  payload: { trigger: 'nightly' },
  catchUpSeconds: 3_600,
};
const at = (time: string) => () => Date.parse(time);
const watch = (now: () => number, table = [entry]) => findMissedRuns({ db, table, tz: 'UTC', now });

const ran = (dueAt: string, status: string) =>
  db.call((client) =>
    client.rpc('record_schedule_run', {
      p_schedule: entry.name,
      p_due_at: dueAt,
      p_job_id: 'job',
      p_status: status,
    }),
  );

beforeEach(async () => {
  await stores.sql.query('delete from actp_schedule_runs');
  await stores.sql.query('delete from actp_notifications');
  await stores.sql.query('delete from actp_schedules');
  await stores.sql.query(
    `insert into actp_schedules (name, pattern, tz, valid_from) values ($1, $2, 'UTC', '2026-03-01T12:00Z')`,
    [entry.name, entry.pattern],
  );
});

describe('the watcher for missed runs', () => {
  it('alerts once when nobody took up a tick, however often it looks', async () => {
    expect(await watch(at('2026-03-05T02:30Z'))).toHaveLength(1);
    expect(await watch(at('2026-03-05T02:31Z'))).toEqual([]);
    const { rows } = await stores.sql.query('select kind, body, state from actp_notifications');
    expect(rows).toEqual([
      {
        kind: 'schedule.missed',
        state: 'pending',
        body: expect.stringContaining('nightly_self_test was due at 2026-03-05T02:00:00.000Z'),
      },
    ]);
  });

  it('alerts once when four copies look at the same moment', async () => {
    const found = await Promise.all([1, 2, 3, 4].map(() => watch(at('2026-03-05T02:30Z'))));
    expect(found.flat()).toHaveLength(1);
  });

  it.each(['started', 'completed', 'failed', 'skipped'])('is content with a run that %s', async (status) => {
    await ran('2026-03-05T02:00Z', status);
    expect(await watch(at('2026-03-05T02:30Z'))).toEqual([]);
  });

  it('gives a run some minutes to begin', async () => {
    await ran('2026-03-04T02:00Z', 'completed');
    expect(await watch(at('2026-03-05T02:05Z'))).toEqual([]);
    expect(await watch(at('2026-03-05T02:10Z'))).toHaveLength(1);
  });

  it('asks nothing about the time before the schedule stood as it stands', async () => {
    expect(await watch(at('2026-03-01T13:00Z'))).toEqual([]);
  });

  it('leaves disabled entries alone', async () => {
    expect(await watch(at('2026-03-05T02:30Z'), [{ ...entry, enabled: false }])).toEqual([]);
  });
});

describe('the last tick of a pattern', () => {
  it.each([
    // Clocks go forward at 02:00 on 2026-03-29 in Berlin: 02:00 does not exist, cron runs it at 03:00.
    ['0 2 * * *', 'Europe/Berlin', '2026-03-29T10:00:00+02:00', '2026-03-29T01:00:00.000Z'],
    ['0 2 * * *', 'Europe/Berlin', '2026-03-28T10:00:00+01:00', '2026-03-28T01:00:00.000Z'],
    // Leap day.
    ['0 2 * * *', 'UTC', '2028-02-29T03:00:00Z', '2028-02-29T02:00:00.000Z'],
    // Exactly now counts.
    ['0 2 * * *', 'UTC', '2026-05-01T02:00:00Z', '2026-05-01T02:00:00.000Z'],
    ['0 20 * * 0', 'UTC', '2026-11-22T21:00:00Z', '2026-11-22T20:00:00.000Z'],
  ])('of %s in %s before %s is %s', (pattern, tz, until, tick) => {
    expect(lastTick(pattern, tz, Date.parse(until)).toISOString()).toBe(tick);
  });

  it('comes once when clocks go back and the hour is there twice', () => {
    const ticks = new Set<string>();
    for (let t = Date.parse('2026-10-25T00:00Z'); t <= Date.parse('2026-10-25T06:00Z'); t += 600_000) {
      ticks.add(lastTick('0 2 * * *', 'Europe/Berlin', t).toISOString());
    }
    expect([...ticks].filter((t) => t.startsWith('2026-10-25'))).toHaveLength(1);
  });
});
