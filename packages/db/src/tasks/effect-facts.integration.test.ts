import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowsLeftBy } from '../audit/rows.fixture.ts';
import { operator, taskCalls } from './tasks.fixture.ts';

const { sql } = await openDatabase();
const tasks = taskCalls(sql);
const { run, call, owner, task, claim, claimed, plan, approved, release, released, record } = tasks;
const { finish, effectOf, rowOf } = tasks;

const effectsOf = (id: string) =>
  run('select kind, action, key from actp_task_effects where task_id = $1', id);
it('an effect has the kind, the action and the key of the plan, whatever an executor says', async () => {
  const id = await approved();
  const said = { key: `another-key-${id}`, action: 'payment.other', kind: 'message' };
  expect((await release(id, said)).result).toBe('reserved');
  expect(await effectsOf(id)).toEqual([
    { kind: 'payment', action: 'payment.purchase', key: `actp-key-0-of-${id}` },
  ]);
});

it.each<[why: string, work: (id: string) => Promise<unknown>, facts: object | null]>([
  [
    'that may cost more than it may spend',
    (id) => plan(id, { at_most_minor: 1_001 }),
    { rule: 'max_spend', at_most_minor: 1_001, max_spend_minor: 1_000 },
  ],
  [
    'whose agent is not allowed',
    (id) => finish(id, { event: 'fail', error_code: 'agent_not_allowed' }),
    { rule: 'tools.allow', attempt: 'task' },
  ],
  [
    'that the policy denies',
    (id) => finish(id, { event: 'fail', error_code: 'policy_denied' }),
    { rule: 'policy', attempt: 'task' },
  ],
  ['that fails otherwise', (id) => finish(id, { event: 'fail', error_code: 'broken' }), null],
])('a task %s ends with a violation on record, or none', async (_why, work, facts) => {
  const [id, other] = [await claimed(), await claimed()];
  await work(id);
  const rows = await run(
    `select task_id, status, result from actp_agent_audit_log
     where action_type = 'security.policy_violation' and task_id = any ($1)`,
    [id, other],
  );
  expect(rows).toMatchObject(facts === null ? [] : [{ task_id: id, status: 'denied', result: facts }]);
  expect(rows).toHaveLength(facts === null ? 0 : 1);
  expect(await rowOf(id)).toMatchObject({ status: 'failed' });
});

it('a plan that is too dear says how dear, in dollars', async () => {
  const [dear, over] = [await claimed(), await claimed()];
  await plan(dear, { at_most_minor: 123_456 });
  expect((await rowOf(dear)).error).toBe('it may cost 1234.56 USD, and the task may spend 10.00 USD');
  await plan(over, { at_most_minor: 905 }, { budget: 904 });
  expect((await rowOf(over)).error).toBe(
    'it may cost 9.05 USD, and that is more than is left of the budget of this day',
  );
});

it('a task is read with its own steps, in order, and taken up with what it is about', async () => {
  const of = await owner();
  const [id, other] = [await task(of), await task()];
  await run(
    `update actp_tasks set ip_address = '10.1.2.3', user_agent = 'cli', request_id = 'r-1' where id = $1`,
    id,
  );
  expect(await claim(id)).toMatchObject({
    result: 'claimed',
    work: {
      ...{
        id,
        prompt: 'pay',
        requested_by: `user:${of.email}`,
        user_id: of.id,
        plan: null,
        approval_id: null,
      },
      ...{ ip: '10.1.2.3', user_agent: 'cli', request_id: 'r-1', spent_today_minor: 0, effects: [] },
    },
  });
  await claim(other);
  await plan(id, {}, { effects: 2 });
  expect(await call('read_task($1, $2)', id, of.id)).toMatchObject({
    ...{ id, requested_by: `user:${of.email}`, status: 'running', agent: 'purchase', effects: [] },
    steps: [
      { name: 'started', version: 2, status: 'running', facts: {} },
      {
        ...{ name: 'planned', version: 3 },
        facts: {
          ...{ agent: 'purchase', by: 'sentences', at_most_minor: 500 },
          effects: ['payment.purchase', 'payment.purchase'],
        },
      },
    ],
  });
});

it.each(['done', 'not_done'])('an effect that is %s stays so, whoever settles it again', async (state) => {
  const { id, effect } = await released();
  await record(id, effect, { state });
  const before = await effectOf(effect);
  const rows = await rowsLeftBy(sql, () =>
    run(
      `select settle_effect($1, $2, '{"reason": "late"}', t) from actp_tasks t where t.id = $3`,
      effect,
      state === 'done' ? 'not_done' : 'done',
      id,
    ),
  );
  expect([rows, await effectOf(effect)]).toEqual([[], before]);
});

it('a payment that several write down at the same moment stands there once', async () => {
  const payload = { asset_id: 'bitcoin', quantity: '0.1', unit_price_usd: '77', currency: 'usd' };
  const id = await approved();
  const { effect } = await release(id, { payload, amount_minor: 432 });
  const key = (await effectOf(effect?.id ?? ''))?.['key'];
  const paid = await Promise.all(Array.from({ length: 6 }, () => call('pay_ledger($1, $2)', key, payload)));
  expect(paid.map(({ result }) => result).toSorted()).toEqual([...Array(5).fill('known'), 'recorded']);
  // What it costs is what was released, and not what its parts make.
  expect(await run('select amount_minor, task_id from actp_ledger where task_id = $1', id)).toEqual([
    { amount_minor: '432', task_id: id },
  ]);
});

describe('an effect of which nobody knows', () => {
  const messages = (effect: string) =>
    run<{ body: string }>(
      `select body from actp_notifications where kind = 'task.effect_unknown' and body like '%' || $1 || '%'`,
      effect,
    );
  const word = ['pass', 'word'].join('');

  it('is told to operators once, with what they need, and without secrets', async () => {
    const [{ id, effect }, other] = [await released(), await released()];
    const unknown = { state: 'unknown', reason: `${word}=hunter2hunter2 was refused` };
    await record(id, effect, unknown);
    await record(id, effect, unknown);
    const found = await messages(effect);
    expect(found).toHaveLength(1);
    for (const part of ['payment.purchase', id, `actp-key-0-of-${id}`, `${word}=[redacted] was refused`])
      expect(found[0]?.body).toContain(part);
    await record(other.id, other.effect, { state: 'not_done' });
    expect(await messages(other.effect)).toEqual([]);
  });

  it('keeps what the service had said of it, whatever comes of it', async () => {
    const { id, effect } = await released();
    await record(id, effect, { state: 'unknown', reference: 'r-9', facts: { n: 9 }, reason: 'cut off' });
    await finish(id, { event: 'fail', error: 'no answer' });
    await call(`resolve_effect($1, $2, true, $3, '{}')`, id, effect, operator);
    expect(await effectOf(effect)).toMatchObject({ state: 'done', reference: 'r-9', facts: { n: 9 } });
    expect(await rowOf(id)).toMatchObject({
      result: { effects: [{ kind: 'payment', reference: 'r-9' }] },
    });
  });

  it('and that an operator has answered is on record as the word of that operator', async () => {
    for (const happened of [true, false]) {
      const { id, effect } = await released();
      await finish(id, { event: 'fail', error: 'no answer' });
      const request_id = randomUUID();
      await call('resolve_effect($1, $2, $3, $4, $5)', id, effect, happened, operator, { request_id });
      const state = happened ? 'done' : 'not_done';
      const rows = await run(
        `select action_type, agent_id, request_id from actp_agent_audit_log
         where task_id = $1 and action_type = $2`,
        id,
        `tasks.effect.${state}`,
      );
      expect(rows).toEqual([{ action_type: `tasks.effect.${state}`, agent_id: operator, request_id }]);
      expect(await effectOf(effect)).toMatchObject({ state, resolved_by: operator });
      expect((await rowOf(id)).status).toBe(happened ? 'succeeded' : 'failed');
    }
  });
});
