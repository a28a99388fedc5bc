import { describe, expect, it } from 'vitest';
import type { CronEntry } from '@actp/shared/cron-table';
import { UnavailableError } from '@actp/shared/errors';
import { JobDeferred, Skipped, type ScheduledJob } from '@actp/shared/jobs/worker';
import { createLogger } from '@actp/shared/log';
import { catchUpJobId, runTick, tickOf } from './run-tick.ts';

it.each(['nightly_self_test', 'rotate-webhook-keys', 'a-1', 'tick-2'])(
  'finds the tick that a catch-up job was made for, whatever its schedule is called: %s',
  (schedule) => {
    const tick = { schedule, dueAt: new Date('2026-11-26T02:00:00Z') };
    const job = { id: catchUpJobId(tick), opts: {} };
    expect(tickOf(job)).toEqual(tick);
  },
);

it('finds the tick of a scheduled job, and none of a job that no schedule asked for', () => {
  const dueAt = new Date('2026-11-26T02:00:00Z');
  const scheduled = { id: 'repeat:x', repeatJobKey: 'review', opts: { prevMillis: dueAt.getTime() } };
  expect(tickOf(scheduled)).toEqual({ schedule: 'review', dueAt });
  expect(tickOf({ id: 'x', repeatJobKey: 'review', opts: {} })).toBeUndefined();
  expect(tickOf({ opts: {} })).toBeUndefined();
  for (const id of ['7', 'tick-', 'tick-review', 'tick-review-', 'a-tick-review-1', 'tick-review-1-x'])
    expect(tickOf({ id, opts: {} })).toBeUndefined();
});

describe('the work of a tick', () => {
  const tick = { schedule: 'review', dueAt: new Date('2026-11-26T02:00:00Z') };
  const job: ScheduledJob = { id: catchUpJobId(tick), opts: {} };
  const lines: object[] = [];
  const log = createLogger({
    app: 'test',
    level: 'info',
    destination: { write: (line) => void lines.push(JSON.parse(line) as object) },
  });
  /** What was asked of a database that gives these answers. */
  function open(...answers: unknown[]) {
    const asked: Array<[string, Record<string, unknown>]> = [];
    const rpc = (name: string, values: Record<string, unknown>) => asked.push([name, values]);
    const call = (build: (client: never) => unknown) => {
      build({ rpc } as never);
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never);
    };
    lines.length = 0;
    return { asked, deps: { db: { call }, log } };
  }
  const failing = (error: Error) => async () => {
    throw error;
  };
  const run = { p_schedule: 'review', p_due_at: tick.dueAt.toISOString(), p_job_id: job.id };

  it('is claimed, done, and recorded', async () => {
    const { asked, deps } = open('run', null);
    expect(await runTick(deps, job, async () => 'done')).toBe('done');
    expect(asked).toMatchObject([
      ['claim_schedule_run', run],
      ['record_schedule_run', { ...run, p_status: 'completed' }],
    ]);
  });

  it.each([
    ['at least ten minutes', [], 600],
    ['at least ten minutes, whatever its entry says', [{ name: 'review', catchUpSeconds: 60 }], 600],
    ['as long as its entry says', [{ name: 'review', catchUpSeconds: 7_200 }], 7_200],
    ['as long as its own entry says', [{ name: 'audit', catchUpSeconds: 7_200 }], 600],
  ])('may be late by %s', async (_what, table, seconds) => {
    const { asked, deps } = open('run', null);
    await runTick({ ...deps, table: table as CronEntry[] }, job, async () => 1);
    expect(asked[0]?.[1]).toMatchObject({ p_late_seconds: seconds });
  });

  it('is just done when no schedule asked for it', async () => {
    const { asked, deps } = open();
    expect(await runTick(deps, { id: '7', opts: {} }, async () => 'done')).toBe('done');
    expect(asked).toEqual([]);
  });

  it.each([
    ['late', 'the tick is too old'],
    ['done', 'another job has this tick'],
  ])('is left alone when it is %s', async (answer, why) => {
    const skipped = runTick(open(answer).deps, job, () => expect.fail('nothing is to be done'));
    await expect(skipped).rejects.toEqual(new Skipped(why));
  });

  it('waits for the database, and says what else is wrong with it', async () => {
    const away = runTick(open(new UnavailableError('the database')).deps, job, async () => 1);
    await expect(away).rejects.toMatchObject({ name: 'JobDeferred', delayMs: 2_000 });
    await expect(runTick(open(new Error('broken')).deps, job, async () => 1)).rejects.toThrow('broken');
  });

  it('is put off when it says so or a store is away, and has failed otherwise', async () => {
    const first = open('run');
    const deferred = runTick(first.deps, job, failing(new JobDeferred(7)));
    await expect(deferred).rejects.toMatchObject({ name: 'JobDeferred', delayMs: 7 });
    const second = open('run');
    const away = runTick(second.deps, job, failing(new UnavailableError('redis')));
    await expect(away).rejects.toMatchObject({ name: 'JobDeferred', delayMs: 2_000 });
    expect([first.asked.length, second.asked.length]).toEqual([1, 1]);
    const { asked, deps } = open('run', null);
    await expect(runTick(deps, job, failing(new Error('broken')))).rejects.toThrow('broken');
    expect(asked[1]).toMatchObject(['record_schedule_run', { ...run, p_status: 'failed' }]);
  });

  it('is done although that cannot be recorded, which is said', async () => {
    expect(await runTick(open('run', new Error('away')).deps, job, async () => 'done')).toBe('done');
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'tick not recorded', schedule: 'review', status: 'completed', reason: 'away' },
    ]);
  });
});
