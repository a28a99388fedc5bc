import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { operator, taskCalls } from './tasks.fixture.ts';

const { sql } = await openDatabase();
const tasks = taskCalls(sql);
const { run, call, claimed, plan, approved, release, released, attempt, record, finish, lose } = tasks;
const { rowOf, stepsOf, effectOf, spendOf, claim } = tasks;

const outcomeOf = async (id: string) => {
  const [row] = await run<{ outcome: string | null; before: boolean }>(
    `select outcome, outcome_before_effect as before from actp_approval_queue
     where id = (select approval_id from actp_tasks where id = $1)`,
    id,
  );
  return row;
};
const done = { state: 'done', reference: 'r-1', facts: { n: 1 } };

describe('a plan', () => {
  it.each<[what: string, most: number, budget: number, result: string, reserved: number]>([
    ['within what the task may spend, and the day', 1_000, 1_000, 'planned', 1_000],
    ['of nothing', 0, 0, 'planned', 0],
    ['of more than the task may spend', 1_001, 100_000, 'above_max_spend', 0],
    ['of more than is left of the day', 900, 899, 'over_budget', 0],
  ])('%s', async (_what, most, budget, result, reserved) => {
    const [id, other] = [await claimed(), await claimed()];
    expect((await plan(id, { at_most_minor: most }, { budget })).result).toBe(result);
    expect(await spendOf(id)).toEqual({ reserved, spent: 0 });
    expect(await rowOf(id)).toMatchObject({
      status: result === 'planned' ? 'running' : 'failed',
      error_code: result === 'planned' ? null : result,
      agent: 'purchase',
    });
    expect(await rowOf(other)).toMatchObject({ agent: null, plan: null, status: 'running' });
  });

  it('is made once, by who holds the task', async () => {
    const id = await claimed();
    expect(await plan(id, {}, { holder: 'two' })).toEqual({ result: 'lost' });
    await plan(id);
    expect(await plan(id, { at_most_minor: 1 })).toMatchObject({
      result: 'known',
      work: { plan: { at_most_minor: 500 }, spent_today_minor: 500, agent: 'purchase' },
    });
    expect(await stepsOf(id)).toEqual(['started', 'planned']);
  });
});

describe('an effect is released', () => {
  it('so many as were planned, with no more money than was reserved for all', async () => {
    const id = await approved({ effects: 3 });
    expect((await release(id, { amount_minor: 501 })).result).toBe('above_reservation');
    expect((await release(id, { amount_minor: 300 })).result).toBe('reserved');
    expect((await release(id, { amount_minor: 300 })).result).toBe('known');
    expect((await release(id, { place: 1, amount_minor: 201 })).result).toBe('above_reservation');
    expect((await release(id, { place: 3, amount_minor: 0 })).result).toBe('not_planned');
    expect((await release(id, { place: -1, amount_minor: 0 })).result).toBe('not_planned');
  });

  it('without money where it costs none', async () => {
    const id = await approved({ over: { at_most_minor: 0 } });
    expect((await release(id, { amount_minor: 1 })).result).toBe('above_reservation');
    expect(await release(id, { amount_minor: null })).toMatchObject({
      result: 'reserved',
      effect: {
        place: 0,
        kind: 'payment',
        payload: { n: 1 },
        state: 'reserved',
        attempts: 0,
        key_kept: true,
      },
    });
    expect(await stepsOf(id)).toEqual([
      'started',
      'planned',
      'approval_requested',
      'approved',
      'effect_reserved',
    ]);
  });

  it('to nobody who has lost the task, and not without a question', async () => {
    const [id, plain] = [await approved(), await claimed()];
    await plan(plain);
    expect(await release(plain)).toEqual({ result: 'not_planned' });
    expect(await release(id, {}, 'two')).toEqual({ result: 'lost' });
    await lose(id);
    expect(await release(id)).toEqual({ result: 'lost' });
  });
});

describe('an attempt', () => {
  afterEach(async () => {
    await run('update actp_kill_switches set lifted_at = now(), lifted_by = set_by where lifted_at is null');
  });

  it('is counted before it is made, by who holds the task, until the effect is settled', async () => {
    const { id, effect } = await released({ sent: false });
    const { effect: foreign } = await released({ sent: false });
    expect(await attempt(id, effect, 'two')).toEqual({ result: 'lost' });
    await expect(attempt(id, foreign)).rejects.toThrow();
    expect(await attempt(id, effect)).toMatchObject({ result: 'go', effect: { attempts: 1 } });
    const first = await effectOf(effect);
    expect(await attempt(id, effect)).toMatchObject({ result: 'go', effect: { attempts: 2 } });
    expect((await effectOf(effect))?.['first_attempt_at']).toEqual(first?.['first_attempt_at']);
    expect(await effectOf(foreign)).toMatchObject({ attempts: 0 });
    await record(id, effect, done);
    expect(await attempt(id, effect)).toMatchObject({
      result: 'settled',
      effect: { attempts: 2, state: 'done' },
    });
  });

  it.each([
    ['agent:purchase', false, 'not_done'],
    ['agent:executor', true, 'unknown'],
    ['action:payment.*', true, 'unknown'],
    ['agent:other', true, null],
  ])('is stopped by %s (sent before: %s)', async (scope, sent, state) => {
    const { id, effect } = await released({ sent });
    await call(`set_kill_switch($1, 'r', $2, '{}')`, scope, operator);
    const answer = await attempt(id, effect);
    expect(answer.result).toBe(state === null ? 'go' : 'stopped');
    expect(answer.effect?.state).toBe(state ?? 'reserved');
  });
});

describe('the answer about an effect', () => {
  it.each([null, 'reserved', 'sent'])('is not %j', async (state) => {
    const { id, effect } = await released();
    await expect(record(id, effect, { state })).rejects.toThrow('an effect is');
  });

  it.each<[state: string, kept: string, outcome: string | null, steps: string[]]>([
    ['done', 'done', 'succeeded', ['effect_done']],
    ['not_done', 'not_done', 'failed', ['effect_not_done']],
    ['unknown', 'unknown', null, ['effect_unknown']],
    ['not_sent', 'reserved', null, []],
  ])('%s is of this effect, and of its approval', async (state, kept, outcome, steps) => {
    const { id, effect } = await released();
    const other = await released();
    const before = await stepsOf(id);
    expect((await record(id, effect, { state, reason: 'why' })).result).toBe('recorded');
    expect(await effectOf(effect)).toMatchObject({ state: kept, attempts: state === 'not_sent' ? 0 : 1 });
    expect((await effectOf(effect))?.['settled_at'] !== null).toBe(outcome !== null);
    expect(await outcomeOf(id)).toEqual({ outcome, before: state === 'not_done' });
    expect((await stepsOf(id)).slice(before.length)).toEqual(steps);
    expect(await effectOf(other.effect)).toMatchObject({ state: 'reserved', attempts: 1 });
  });

  it('stays, except that what nobody knew is known by now', async () => {
    const { id, effect } = await released();
    expect((await record(id, effect, { state: 'unknown', reason: 'why' })).result).toBe('recorded');
    expect((await record(id, effect, done)).result).toBe('recorded');
    expect((await record(id, effect, { state: 'not_done' })).result).toBe('known');
    expect((await record(id, effect, { state: 'not_sent' })).result).toBe('known');
    expect(await effectOf(effect)).toMatchObject({
      state: 'done',
      reference: 'r-1',
      facts: { n: 1 },
      attempts: 1,
    });
  });

  it('that it was not sent takes one attempt back, and the time of the first where there was none before', async () => {
    const { id, effect } = await released();
    await attempt(id, effect);
    await record(id, effect, { state: 'not_sent' });
    expect(await effectOf(effect)).toMatchObject({ attempts: 1, first_attempt_at: expect.any(Date) });
    await record(id, effect, { state: 'not_sent' });
    await expect(record(id, effect, { state: 'not_sent' })).rejects.toThrow();
    expect(await effectOf(effect)).toMatchObject({ attempts: 0, first_attempt_at: null, state: 'reserved' });
  });

  it('that comes from who has lost the task is believed when it happened, and ends it well', async () => {
    const { id, effect } = await released();
    await finish(id, { event: 'fail', error: 'no answer' });
    expect(await rowOf(id)).toMatchObject({ status: 'failed', error_code: 'effect_unknown' });
    expect(await record(id, effect, { state: 'not_done' })).toEqual({ result: 'lost' });
    expect((await record(id, effect, done)).result).toBe('recorded');
    expect(await rowOf(id)).toMatchObject({
      ...{ status: 'succeeded', error_code: null, error: null, cost_minor: '500' },
      result: { effects: [{ kind: 'payment', reference: 'r-1' }] },
    });
  });

  it('from who has lost it leaves a task alone that another one goes on with', async () => {
    const { id, effect } = await released();
    await lose(id);
    await claim(id, 'two');
    expect((await record(id, effect, done)).result).toBe('recorded');
    expect(await rowOf(id)).toMatchObject({ status: 'running', holder: 'two' });
  });
});

describe('a task ends', () => {
  it('well when all its effects have happened, with what they cost', async () => {
    const { id, effect } = await released();
    const other = await released();
    await expect(finish(id, { event: 'succeed' })).rejects.toThrow('when all its effects are done');
    await record(id, effect, done);
    await expect(finish(id, { event: 'reject' })).rejects.toThrow('succeed or fail');
    expect(await finish(id, { event: 'succeed', result: { ok: 1 } }, 'two')).toBe(false);
    expect(await finish(id, { event: 'succeed', result: { ok: 1 } })).toBe(true);
    expect(await rowOf(id)).toMatchObject({
      status: 'succeeded',
      result: { ok: 1 },
      cost_minor: '500',
      holder: null,
    });
    expect(await spendOf(id)).toEqual({ reserved: 0, spent: 500 });
    expect(await spendOf(other.id)).toEqual({ reserved: 500, spent: 0 });
    expect(await finish(id, { event: 'fail' })).toBe(false);
  });

  it.each<
    [what: string, sent: boolean, answer: object | null, code: string | null, spent: number, state: string]
  >([
    ['was never tried', false, null, 'broken', 7, 'not_done'],
    ['was tried', true, null, 'effect_unknown', 500, 'unknown'],
    ['has not happened', true, { state: 'not_done' }, 'broken', 7, 'not_done'],
    ['has happened', true, done, 'broken', 500, 'done'],
  ])('badly while its effect %s', async (_what, sent, answer, code, spent, state) => {
    const { id, effect } = await released({ sent, over: { intent_cost_minor: 7 } });
    if (answer) await record(id, effect, answer);
    await finish(id, { event: 'fail', error: 'it broke', error_code: 'broken', cost_minor: 3 });
    expect(await effectOf(effect)).toMatchObject({ state });
    expect(await rowOf(id)).toMatchObject({ status: 'failed', error_code: code });
    // Never more than was reserved, and what understanding it has cost at least.
    expect(await spendOf(id)).toEqual({ reserved: 0, spent });
  });

  it.each<[what: string, end: object, agent: string, spent: number]>([
    ['of which nothing was asked', {}, 'first', 0],
    ['that has cost something', { cost_minor: 30, budget_minor: 100 }, 'first', 30],
    ['that has cost more than is left', { cost_minor: 101, budget_minor: 100 }, 'first', 0],
    ['of which nobody says what is left', { cost_minor: 30 }, 'first', 0],
  ])('without a plan: one %s', async (_what, end, agent, spent) => {
    const id = await claimed();
    await finish(id, { event: 'fail', agent, ...end });
    expect(await rowOf(id)).toMatchObject({ status: 'failed', agent });
    expect(await spendOf(id)).toMatchObject({ reserved: 0, spent });
  });

  it('with the word about an approval that no effect has', async () => {
    const [well, badly, unused] = [
      await approved({ effects: 0 }),
      await approved({ effects: 0 }),
      await approved({ effects: 0 }),
    ];
    await run(
      `update actp_approval_queue set redeemed_at = now(), grant_id = gen_random_uuid()
       where id in (select approval_id from actp_tasks where id = any ($1))`,
      [well, badly],
    );
    await finish(well, { event: 'succeed', cost_minor: 3 });
    await finish(badly, { event: 'fail' });
    await finish(unused, { event: 'fail', error_code: 'policy_denied' });
    expect(await Promise.all([well, badly, unused].map(outcomeOf))).toEqual([
      { outcome: 'succeeded', before: false },
      { outcome: 'failed', before: false },
      { outcome: null, before: false },
    ]);
    expect([await spendOf(well), await spendOf(badly)]).toEqual([
      { reserved: 0, spent: 3 },
      { reserved: 0, spent: 0 },
    ]);
  });
});
