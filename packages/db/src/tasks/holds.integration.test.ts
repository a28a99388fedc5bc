import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { taskCalls, type Owner } from './tasks.fixture.ts';

const { sql } = await openDatabase();
const tasks = taskCalls(sql);
const { run, call, owner, task, rowOf, stepsOf, claim, claimed, plan, ask, decide, approved, lose } = tasks;

describe('what is due', () => {
  const due = async (limit = 100) =>
    (await run<{ id: string }>('select due_tasks($1, 60) as id', limit)).map(({ id }) => id);

  it('is what nobody holds and whose time has come, or whose question is answered; it is named once', async () => {
    await due();
    const [queued, held, lost, ended, later] = [
      await task(),
      await claimed(),
      await claimed(),
      await claimed(),
      await task(),
    ];
    const [open, answered] = [await claimed(), await claimed()];
    await run(`update actp_tasks set due_at = now() where id = any ($1)`, [held, lost, ended]);
    await lose(lost);
    await tasks.finish(ended, { event: 'fail' });
    await run(`update actp_tasks set due_at = now() + interval '10 s' where id = $1`, later);
    await decide(await ask(answered));
    // Asked after the other, so that it is due after the time of that one.
    await ask(open);
    const found = await due();
    expect(found.toSorted()).toEqual([queued, lost, answered].toSorted());
    expect(await due()).toEqual([]);
    expect(await rowOf(queued)).toMatchObject({ due: 1, status: 'queued' });
  });

  it('is named so many at a time, the longest due first', async () => {
    const ids = [await task(), await task(), await task()];
    for (const [n, id] of ids.entries())
      await run(`update actp_tasks set due_at = now() - make_interval(mins => $2) where id = $1`, id, n);
    expect([await due(1), await due(1), await due(1), await due(1)]).toEqual([
      [ids[2]],
      [ids[1]],
      [ids[0]],
      [],
    ]);
  });
});

describe('a task that is held', () => {
  const hold = async (ids: string[], seconds: number | null, holder = 'one') =>
    (await run<{ id: string }>('select hold_tasks($1, $2, $3) as id', ids, holder, seconds)).map(
      ({ id }) => id,
    );

  it('goes on being held by who has it, as long as that is so', async () => {
    const [mine, theirs, lost, waiting, queued] = [
      await claimed(),
      await task(),
      await claimed(),
      await claimed(),
      await task(),
    ];
    await claim(theirs, 'two');
    await lose(lost);
    await ask(waiting);
    expect(await hold([mine, theirs, lost, waiting, queued], 1_200)).toEqual([mine]);
    expect(await rowOf(mine)).toMatchObject({ due: 20 });
    expect(await hold([], 1_200)).toEqual([]);
    for (const seconds of [0, 3_601, null]) expect(await hold([mine], seconds)).toEqual([]);
    for (const seconds of [3_600, 1]) expect(await hold([mine], seconds)).toEqual([mine]);
  });

  it.each([
    [120_000, 2],
    [4_000_000, 60],
    [-1, 0],
  ])('is let go for %d ms, and was taken up as often as before', async (milliseconds, minutes) => {
    const [id, other] = [await claimed(), await claimed()];
    await lose(id);
    await claim(id);
    const delay = (holder: string) =>
      call<boolean>(`delay_task($1, $2, $3, 'why')`, id, holder, milliseconds);
    expect(await delay('two')).toBe(false);
    expect(await delay('one')).toBe(true);
    expect(await rowOf(id)).toMatchObject({ status: 'running', holder: null, claims: 2, due: minutes });
    expect(await stepsOf(id)).toEqual(['started', 'delayed']);
    expect(await rowOf(other)).toMatchObject({ holder: 'one' });
    expect(await delay('one')).toBe(false);
  });

  it('gives way to the oldest that waits of the same user, when it waits itself or has ended', async () => {
    const [of, other] = [await owner(), await owner()];
    const [first, second] = [await claimed(of), await claimed(of)];
    const [next, last, foreign] = [await task(of), await task(of), await task(other)];
    await run(`update actp_tasks set due_at = now() + interval '1 h' where id = any ($1)`, [
      next,
      last,
      foreign,
    ]);
    const waits = async () => Promise.all([next, last, foreign].map(async (id) => (await rowOf(id)).due > 0));
    await ask(first);
    expect(await waits()).toEqual([false, true, true]);
    await tasks.finish(second, { event: 'fail' });
    expect(await waits()).toEqual([false, false, true]);
  });
});

describe('a task is cancelled', () => {
  const cancel = (id: string, { id: user, email }: Owner) =>
    call(`cancel_task($1, $2, $3, '{}')`, id, user, `user:${email}`);

  it('by who asked for it, once, with the money and the question', async () => {
    const [of, other] = [await owner(), await owner()];
    const [id, bystander] = [await claimed(of), await claimed(of)];
    await plan(id);
    const approval = await ask(id);
    expect(await cancel(id, other)).toEqual({ result: 'not_found' });
    expect(await tasks.spendOf(id)).toEqual({ reserved: 500, spent: 0 });
    expect(await cancel(id, of)).toMatchObject({ result: 'cancelled', task: { id, status: 'cancelled' } });
    expect(await tasks.spendOf(id)).toEqual({ reserved: 0, spent: 0 });
    expect(await run('select status from actp_approval_queue where id = $1', approval)).toEqual([
      { status: 'cancelled' },
    ]);
    expect((await cancel(id, of)).result).toBe('known');
    expect(await rowOf(bystander)).toMatchObject({ status: 'running' });
  });

  it('not when it has ended otherwise, or once an effect is released', async () => {
    const of = await owner();
    const ended = await claimed(of);
    await tasks.finish(ended, { event: 'fail' });
    expect((await cancel(ended, of)).result).toBe('already_ended');
    const under = await approved({ of });
    const plain = await claimed(of);
    await tasks.release(under);
    expect((await cancel(under, of)).result).toBe('effect_under_way');
    expect((await cancel(plain, of)).result).toBe('cancelled');
  });
});
