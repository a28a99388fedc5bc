import { afterEach, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { answerAfterWaiting } from '../waits.fixture.ts';
import { operator, taskCalls } from './tasks.fixture.ts';

const { sql } = await openDatabase();
const tasks = taskCalls(sql);
const { run, call, owner, task, claim, claimed, plan, approved, release, released, attempt, rowOf } = tasks;

afterEach(async () => {
  await run('update actp_kill_switches set lifted_at = now(), lifted_by = set_by where lifted_at is null');
});

/** Another one has the row for so long that whoever held the task has lost it when it comes free. */
const whileHoldEnds = <T>(id: string, call: () => Promise<T>) =>
  answerAfterWaiting(
    sql,
    {
      lock: ['select from actp_tasks where id = $1 for update', id],
      meanwhile: ['update actp_tasks set held_until = clock_timestamp() where id = $1', id],
    },
    call,
  );

it('an executor that has waited for its task has lost it when its time was over meanwhile', async () => {
  const [planning, releasing, sending] = [await claimed(), await approved(), await released({ sent: false })];
  expect(await whileHoldEnds(planning, () => plan(planning))).toEqual({ result: 'lost' });
  expect(await whileHoldEnds(releasing, () => release(releasing))).toEqual({ result: 'lost' });
  expect(await whileHoldEnds(sending.id, () => attempt(sending.id, sending.effect))).toEqual({
    result: 'lost',
  });
  expect(await whileHoldEnds(planning, () => claim(planning, 'two'))).toMatchObject({ result: 'claimed' });
});

it('[SEC-012] an attempt waits for a switch that is being set, and does not go', async () => {
  const { id, effect } = await released({ sent: false });
  await tasks.operators();
  const lock = [`select set_kill_switch('action:payment.*', 'test', $1, '{}')`, operator] as const;
  expect(await answerAfterWaiting(sql, { lock }, () => attempt(id, effect))).toMatchObject({
    result: 'stopped',
    effect: { state: 'not_done', attempts: 0 },
  });
});

it('of tasks of one user that are taken up at the same moment only so many find room', async () => {
  const of = await owner();
  const ids = await Promise.all(Array.from({ length: 8 }, () => task(of)));
  const results = await Promise.all(ids.map(async (id) => (await claim(id, id, 600, 2)).result));
  expect(results.toSorted()).toEqual([...Array(2).fill('claimed'), ...Array(6).fill('later')]);
});

it('a task that is cancelled while it is taken up is one or the other', async () => {
  const of = await owner();
  const id = await task(of);
  const cancelled = await answerAfterWaiting(
    sql,
    {
      lock: ['select from actp_tasks where id = $1 for update', id],
      meanwhile: [`select claim_task($1, 'one', 60, 5)`, id],
    },
    () => call(`cancel_task($1, $2, $3, '{}')`, id, of.id, `user:${of.email}`),
  );
  expect(cancelled.result).toBe('cancelled');
  expect(await rowOf(id)).toMatchObject({ status: 'cancelled', holder: null });
});
