import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

let counted = 0;
const named = () => `schedule-${(counted += 1)}`;
/** So many minutes ago. */
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const claim = (name: string, due: string, job = 'job-1') =>
  call<string>('claim_schedule_run($1, $2, $3, 600)', name, due, job);
const record = (name: string, due: string, status: string, job = 'job-1') =>
  call('record_schedule_run($1, $2, $3, $4)', name, due, job, status);
const missed = (name: string, due: string) =>
  call<string | null>(`record_missed_run($1, $2, 'missed')`, name, due);
const register = (...of: object[]) => call('register_schedules($1)', JSON.stringify(of));
const entry = (name: string, pattern = '0 3 * * *', tz = 'UTC') => ({ name, pattern, tz });
const rowOf = async (name: string, due: string) => {
  const { rows } = await sql.query<Record<string, unknown>>(
    `select status, job_id, started_at is not null as started, finished_at is not null as finished
     from actp_schedule_runs where schedule = $1 and due_at = $2`,
    [name, due],
  );
  return rows[0];
};
const validSince = (name: string, at: string) =>
  sql.query('update actp_schedules set valid_from = $2 where name = $1', [name, at]);

describe('a tick', () => {
  it('is taken up by one job, which may come again, and not by another', async () => {
    const [name, due] = [named(), ago(1)];
    expect([await claim(name, due), await claim(name, due), await claim(name, due, 'job-2')]).toEqual([
      ...['run', 'run', 'done'],
    ]);
    expect(await rowOf(name, due)).toEqual({
      status: 'started',
      job_id: 'job-1',
      started: true,
      finished: false,
    });
    expect([await claim(name, ago(2)), await claim(named(), due)]).toEqual(['run', 'run']);
  });

  it.each<[status: string, again: [same: string, other: string]]>([
    ['failed', ['run', 'done']],
    ['completed', ['done', 'done']],
    ['skipped', ['done', 'done']],
    ['missed', ['run', 'done']],
  ])('that is %s', async (status, again) => {
    const [name, due] = [named(), ago(1)];
    await record(name, due, status);
    const first = await claim(name, due);
    expect([first, await claim(name, due, 'job-2')]).toEqual(again);
    if (first === 'run')
      expect(await rowOf(name, due)).toMatchObject({ status: 'started', started: true, finished: false });
  });

  it.each<[how: string, take: (name: string, due: string) => Promise<unknown>]>([
    ['is claimed', claim],
    ['is recorded', (name, due) => record(name, due, 'started')],
  ])('that nobody took up, and somebody takes up after all, begins when it %s', async (_how, take) => {
    const [name, due] = [named(), ago(1)];
    await register(entry(name));
    await validSince(name, ago(2));
    await missed(name, due);
    expect(await rowOf(name, due)).toMatchObject({ status: 'missed', started: false });
    await take(name, due);
    expect(await rowOf(name, due)).toMatchObject({ status: 'started', started: true, finished: false });
  });

  it('that comes too late is not run, which is written down once', async () => {
    const [name, early, late] = [named(), ago(8), ago(12)];
    expect([await claim(name, early), await claim(name, late), await claim(name, late)]).toEqual([
      'run',
      'late',
      'late',
    ]);
    expect(await rowOf(name, early)).toMatchObject({ status: 'started', started: true, finished: false });
    expect(await rowOf(name, late)).toMatchObject({ status: 'skipped', started: false, finished: true });
    // One that was begun in time is not late when it comes again, and one that has ended has.
    const [begun, ended, told] = [named(), named(), named()];
    await record(begun, late, 'started');
    await record(ended, late, 'completed');
    await record(ended, early, 'missed');
    await record(told, late, 'missed');
    expect([await claim(begun, late), await claim(ended, late), await claim(told, late)]).toEqual([
      'run',
      'done',
      'late',
    ]);
    expect(await rowOf(told, late)).toMatchObject({ status: 'missed' });
  });

  it('is written down as it began and ended', async () => {
    const [name, due] = [named(), ago(1)];
    await record(name, due, 'started');
    expect(await rowOf(name, due)).toMatchObject({ status: 'started', started: true, finished: false });
    await record(name, due, 'completed', 'job-2');
    expect(await rowOf(name, due)).toEqual({
      status: 'completed',
      job_id: 'job-2',
      started: true,
      finished: true,
    });
    await record(name, ago(0), 'started');
    const { rows } = await sql.query(
      'select schedule, status from last_schedule_runs() where schedule = $1',
      [name],
    );
    expect(rows).toEqual([{ schedule: name, status: 'started' }]);
  });
});

describe('a schedule', () => {
  it('is as the table of jobs says, since that was changed', async () => {
    const [kept, changed, moved, gone] = [named(), named(), named(), named()];
    await register(entry(kept), entry(changed), entry(moved), entry(gone));
    for (const name of [kept, changed, moved]) await validSince(name, '2020-01-01T00:00:00Z');
    await register(entry(kept), entry(changed, '0 4 * * *'), entry(moved, '0 3 * * *', 'Europe/Berlin'));
    const { rows } = await sql.query(
      `select name, pattern, tz, valid_from < '2021-01-01' as as_before from actp_schedules where name = any ($1) order by name`,
      [[kept, changed, moved, gone]],
    );
    expect(rows).toEqual([
      { ...entry(kept), as_before: true },
      { ...entry(changed, '0 4 * * *'), as_before: false },
      { ...entry(moved, '0 3 * * *', 'Europe/Berlin'), as_before: false },
    ]);
  });

  it('has ticks that nobody took up, of which people hear once', async () => {
    const [name, other] = [named(), named()];
    await register(entry(name), entry(other));
    const [before, due, later] = [ago(30), ago(20), ago(10)];
    await validSince(name, ago(25));
    const open = async () =>
      Promise.all([before, due, later].map((at) => call<boolean>('is_tick_open($1, $2)', name, at)));
    expect(await open()).toEqual([false, true, true]);
    expect(await call<boolean>('is_tick_open($1, $2)', named(), due)).toBe(false);
    expect(await missed(name, before)).toBeNull();
    expect(await missed(other, before)).toBeNull();
    expect(await missed(named(), due)).toBeNull();
    expect(await missed(name, due)).toEqual(expect.any(String));
    expect(await missed(name, due)).toBeNull();
    expect(await rowOf(name, due)).toMatchObject({ status: 'missed', started: false, finished: true });
    expect(await open()).toEqual([false, true, true]);
    await record(other, later, 'completed');
    await record(name, before, 'completed');
    expect(await open()).toEqual([false, true, true]);
    // One that was taken up closes what was due before it.
    await record(name, later, 'completed');
    expect(await open()).toEqual([false, false, false]);
    const { rows } = await sql.query(`select kind, body from actp_notifications where dedupe_key like $1`, [
      `missed:${name}:%`,
    ]);
    expect(rows).toEqual([{ kind: 'schedule.missed', body: 'missed' }]);
  });
});
