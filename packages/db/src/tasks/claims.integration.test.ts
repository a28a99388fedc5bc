import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { taskCalls, operator, type Owner } from './tasks.fixture.ts';

const { sql } = await openDatabase();
const tasks = taskCalls(sql);
const { run, call, owner, task, rowOf, stepsOf, claim, claimed, plan, ask, decide, lose } = tasks;

const disable = ({ id }: Owner) => run('update actp_users set disabled_at = now() where id = $1', id);

describe('a task is taken up', () => {
  afterEach(async () => {
    await run('update actp_kill_switches set lifted_at = now(), lifted_by = set_by where lifted_at is null');
  });

  it.each([0, 3_601, null])('not for %j seconds', async (seconds) => {
    await expect(claim(await task(), 'one', seconds)).rejects.toThrow('p_seconds must be from 1 to 3600');
  });

  it.each([
    [1, 0],
    [3_600, 60],
  ])('for %d seconds, in which nobody else gets it', async (seconds, due) => {
    const id = await task();
    expect((await claim(id, 'one', seconds)).result).toBe('claimed');
    expect(await rowOf(id)).toMatchObject({ status: 'running', holder: 'one', claims: 1, due });
    expect((await claim(id, 'two')).result).toBe('busy');
    await lose(id);
    expect(await claim(id, 'two')).toMatchObject({
      result: 'claimed',
      work: { claims: 2, status: 'running' },
    });
    expect(await stepsOf(id)).toEqual(['started']);
  });

  it('when it is there and has not ended', async () => {
    const [id, other] = [await claimed(), await claimed()];
    await tasks.finish(id, { event: 'fail', error: 'x' });
    expect(await claim(id)).toEqual({ result: 'over' });
    expect(await claim(randomUUID())).toEqual({ result: 'not_found' });
    expect(await rowOf(other)).toMatchObject({ status: 'running' });
  });

  it('in turn: so many of one user at a time, and others are not kept', async () => {
    const of = await owner();
    const [first, second] = [await claimed(of), await task(of)];
    expect(await claim(second, 'two', 600, 1)).toEqual({ result: 'later' });
    expect(await rowOf(second)).toMatchObject({ status: 'queued', holder: null, due: expect.any(Number) });
    expect((await claim(await task(), 'two', 600, 1)).result).toBe('claimed');
    expect((await claim(second, 'two', 600, 2)).result).toBe('claimed');
    // One that is under way is gone on with, however many there are.
    await lose(first);
    expect((await claim(first, 'three', 600, 1)).result).toBe('claimed');
    await lose(first);
    await lose(second);
    expect((await claim(await task(of), 'two', 600, 1)).result).toBe('claimed');
  });

  it.each([
    ['agent:executor', 'later'],
    ['agent:purchase', 'claimed'],
  ])('unless executors are stopped: %s', async (scope, result) => {
    const [id, other] = [await task(), await task()];
    await call(`set_kill_switch($1, 'r', $2, '{}')`, scope, (await tasks.operators(), operator));
    expect((await claim(id)).result).toBe(result);
    await run('update actp_kill_switches set lifted_at = now(), lifted_by = set_by where lifted_at is null');
    expect((await claim(other)).result).toBe('claimed');
  });

  it('not for an account that has ended, and only twenty times without getting on', async () => {
    const of = await owner();
    const [ended, nineteen, twenty] = [await task(of), await claimed(), await claimed()];
    await disable(of);
    for (const [id, claims] of [
      [nineteen, 19],
      [twenty, 20],
    ] as const) {
      await lose(id);
      await run('update actp_tasks set claims = $2 where id = $1', id, claims);
    }
    expect([await claim(ended), await claim(nineteen), await claim(twenty)]).toMatchObject([
      { result: 'over' },
      { result: 'claimed' },
      { result: 'over' },
    ]);
    expect(await rowOf(ended)).toMatchObject({ status: 'failed', error_code: 'account_ended' });
    expect(await rowOf(twenty)).toMatchObject({ status: 'failed', error_code: 'gave_up' });
  });

  const elapse = (approval: string, seconds: number) =>
    run(
      `update actp_approval_queue set created_at = created_at - make_interval(secs => $2),
         expires_at = expires_at - make_interval(secs => $2), decided_at = decided_at - make_interval(secs => $2) where id = $1`,
      approval,
      seconds,
    );
  it.each<
    [
      what: string,
      arrange: (approval: string) => Promise<unknown>,
      result: string,
      status: string,
      code: string | null,
    ]
  >([
    ['nobody has decided', async () => undefined, 'waiting', 'awaiting_approval', null],
    ['it was approved', (a) => decide(a), 'claimed', 'running', null],
    ['it was rejected', (a) => decide(a, 'rejected'), 'over', 'rejected', 'approval_rejected'],
    ['time is over', (a) => elapse(a, 3_601), 'over', 'rejected', 'approval_expired'],
    [
      'time is over, as is written down',
      async (a) => [await elapse(a, 3_601), await run('select expire_approvals(10, 60)')],
      'over',
      'rejected',
      'approval_expired',
    ],
    [
      'the question was withdrawn',
      (a) => call('cancel_approval($1, $2)', a, { source: 'plane' }),
      'over',
      'cancelled',
      'approval_cancelled',
    ],
    [
      'it was approved too long ago',
      async (a) => [await decide(a), await elapse(a, 600)],
      'over',
      'failed',
      'approval_lapsed',
    ],
    [
      'it was approved too long ago, as is written down',
      async (a) => [await decide(a), await elapse(a, 600), await run('select expire_approvals(10, 60)')],
      'over',
      'failed',
      'approval_lapsed',
    ],
    [
      'it was used in time',
      async (a) => [
        await decide(a),
        await run(
          'update actp_approval_queue set redeemed_at = now(), grant_id = gen_random_uuid() where id = $1',
          a,
        ),
        await elapse(a, 600),
      ],
      'claimed',
      'running',
      null,
    ],
  ])('after its question, when %s', async (_what, arrange, result, status, code) => {
    const id = await claimed();
    await plan(id);
    const approval = await ask(id);
    expect(await rowOf(id)).toMatchObject({ status: 'awaiting_approval', holder: null, due: 60 });
    await arrange(approval);
    expect((await claim(id, 'two')).result).toBe(result);
    expect(await rowOf(id)).toMatchObject({
      ...{ status, error_code: code, holder: result === 'claimed' ? 'two' : null },
    });
    if (code === 'approval_rejected') expect((await rowOf(id)).error).toContain('rejected by op@example.com');
  });
});
