import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { JobDeferred, Skipped } from '@actp/shared/jobs/worker';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { readReadiness } from '../readiness/read.ts';
import { summarizeAudit } from '../audit/summarize.ts';
import { isTickOpen } from './is-tick-open.ts';
import { recordMissedRun } from './record-missed-run.ts';
import { registerSchedules } from './register.ts';
import { catchUpJobId, runTick } from './run-tick.ts';

const stores = await openStores();
const { sql } = stores;
const db = createDb(stores.env, 'scheduler', 20_000);
const deps = {
  db: createDb(stores.env, 'inspector', 20_000),
  log: createLogger({ app: 'test', level: 'silent' }),
};
const tick = (minutesAgo: number, schedule = 'review') => ({
  schedule,
  dueAt: new Date(Math.floor(Date.now() / 1_000) * 1_000 - minutesAgo * 60_000),
});
const jobOf = (one: ReturnType<typeof tick>) => ({
  id: catchUpJobId(one),
  opts: {},
});

await registerSchedules(db, [{ name: 'review', pattern: '0 * * * *' }], 'UTC');
await sql.query(`update actp_schedules set valid_from = now() - interval '1 day'`);

describe('a tick of a schedule', () => {
  it('is open until a job has taken it up, or a later one', async () => {
    const [early, late] = [tick(3), tick(2)];
    expect([await isTickOpen(db, early), await isTickOpen(db, late)]).toEqual([true, true]);
    expect(await isTickOpen(db, tick(2, 'unknown'))).toBe(false);
    expect(await isTickOpen(db, tick(2 * 1_440))).toBe(false);
    expect(await runTick(deps, jobOf(late), async () => 'done')).toBe('done');
    expect([await isTickOpen(db, early), await isTickOpen(db, late)]).toEqual([false, false]);
    const again = runTick(deps, jobOf(late), async () => 'again');
    await expect(again).rejects.toThrow(Skipped);
  });

  it('is not done when it is too late for it', async () => {
    const late = runTick(deps, jobOf(tick(11)), async () => 'late');
    await expect(late).rejects.toThrow('the tick is too old');
  });

  it('is of a schedule as the cron table has it', async () => {
    const { rows } = await sql.query('select name, pattern, tz from actp_schedules');
    expect(rows).toEqual([{ name: 'review', pattern: '0 * * * *', tz: 'UTC' }]);
  });

  it('says what became of it', async () => {
    const of = async (one: ReturnType<typeof tick>) =>
      (await sql.query('select status, job_id from actp_schedule_runs where due_at = $1', [one.dueAt])).rows;
    const [good, bad, later] = [tick(-1), tick(-2), tick(-3)];
    await runTick(deps, jobOf(good), async () => 1);
    expect(await of(good)).toMatchObject([{ status: 'completed', job_id: catchUpJobId(good) }]);
    const failing = runTick(deps, jobOf(bad), () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(await of(bad)).toMatchObject([{ status: 'failed' }]);
    const deferred = runTick(deps, jobOf(later), () => Promise.reject(new JobDeferred(1)));
    await expect(deferred).rejects.toThrow(JobDeferred);
    expect(await of(later)).not.toMatchObject([{ status: 'failed' }]);
  });

  it('that nobody took up is recorded once, with a message', async () => {
    const missed = tick(-9);
    expect(await recordMissedRun(db, missed, 'nobody reviewed')).toMatch(/^[\da-f-]{36}$/);
    expect(await recordMissedRun(db, missed, 'nobody reviewed')).toBeNull();
    const { rows } = await sql.query(`select body from actp_notifications where body = 'nobody reviewed'`);
    expect(rows).toHaveLength(1);
  });
});

it('the database says how its plane is, and what its audit log holds', async () => {
  const gateway = createDb(stores.env, 'gateway', 20_000);
  expect(await readReadiness(gateway)).toEqual({
    telegram_polling: false,
    telegram_refuses: false,
    anchor_unwritten: false,
  });
  const begun = new Date(Date.now() - 86_400_000).toISOString();
  const end = new Date(Date.now() + 86_400_000).toISOString();
  await sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'error')`,
  );
  const summary = await summarizeAudit(gateway, begun, end);
  expect(summary.errors).toBeGreaterThanOrEqual(1);
  expect(summary.top_actions).toContainEqual({ action_type: 'b.c', count: 1 });
  expect((await summarizeAudit(gateway, end, begun)).events).toBe(0);
});
