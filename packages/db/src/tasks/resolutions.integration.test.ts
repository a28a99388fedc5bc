import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { operator, taskCalls } from './tasks.fixture.ts';

const { sql } = await openDatabase();
const tasks = taskCalls(sql);
const {
  run,
  call,
  owner,
  task,
  claimed,
  approved,
  release,
  released,
  record,
  finish,
  effectOf,
  rowOf,
  spendOf,
  stepsOf,
} = tasks;

const resolve = (id: string, effect: string, happened: boolean | null = true, actor = operator) =>
  call(`resolve_effect($1, $2, $3, $4, '{}')`, id, effect, happened, actor);
async function unknown(over: object = {}) {
  const one = await released({ over });
  await finish(one.id, { event: 'fail', error: 'no answer' });
  expect(await rowOf(one.id)).toMatchObject({ error_code: 'effect_unknown' });
  return one;
}

describe('an operator says', () => {
  it('that it has happened: the task has succeeded, and its money stays spent', async () => {
    const [{ id, effect }, other] = [await unknown(), await unknown()];
    expect(await resolve(id, effect)).toMatchObject({ result: 'resolved', task: { status: 'succeeded' } });
    expect(await effectOf(effect)).toMatchObject({ state: 'done', resolved_by: operator });
    expect(await rowOf(id)).toMatchObject({ error_code: null, error: null, cost_minor: '500' });
    expect(await spendOf(id)).toEqual({ reserved: 0, spent: 500 });
    expect((await stepsOf(id)).at(-1)).toBe('effect_resolved');
    expect(await rowOf(other.id)).toMatchObject({ status: 'failed', error_code: 'effect_unknown' });
    expect(await effectOf(other.effect)).toMatchObject({ state: 'unknown' });
  });

  it('that it has not: the money comes back', async () => {
    const [{ id, effect }, other] = [await unknown(), await unknown()];
    expect(await resolve(id, effect, false)).toMatchObject({
      result: 'resolved',
      task: { status: 'failed' },
    });
    expect(await effectOf(effect)).toMatchObject({ state: 'not_done' });
    expect(await rowOf(id)).toMatchObject({ error_code: 'effect_not_done', cost_minor: '0' });
    expect(await spendOf(id)).toEqual({ reserved: 0, spent: 0 });
    expect(await spendOf(other.id)).toEqual({ reserved: 0, spent: 500 });
  });

  it('so once', async () => {
    const { id, effect } = await unknown();
    await resolve(id, effect);
    expect((await resolve(id, effect)).result).toBe('known');
    expect((await resolve(id, effect, false)).result).toBe('already_resolved');
    expect(await effectOf(effect)).toMatchObject({ state: 'done' });
  });

  it('nothing of what is known, under way, or not there', async () => {
    const [under, settled, open] = [await released(), await released(), await unknown()];
    await record(settled.id, settled.effect, { state: 'done', facts: {} });
    expect((await resolve(under.id, under.effect)).result).toBe('not_unknown');
    expect((await resolve(settled.id, settled.effect)).result).toBe('not_unknown');
    expect(await resolve(randomUUID(), open.effect)).toEqual({ result: 'not_found' });
    expect(await resolve(open.id, randomUUID())).toEqual({ result: 'not_found' });
    expect(await resolve(open.id, under.effect)).toEqual({ result: 'not_found' });
    await expect(resolve(open.id, open.effect, null)).rejects.toThrow('true or false');
    for (const actor of ['agent-1', 'operator:nobody@example.com'])
      await expect(resolve(open.id, open.effect, true, actor)).rejects.toThrow(/only a person|may act/);
    expect(await effectOf(open.effect)).toMatchObject({ state: 'unknown', resolved_by: null });
  });

  it('what became of each of several, and the task ends with the last', async () => {
    const { id, effect } = await unknown();
    // A second one, as if two had been released.
    const [second] = await run<{ id: string }>(
      `insert into actp_task_effects (task_id, place, kind, action, key, payload, amount_minor, state, approval_id, grant_id, key_kept_seconds, attempts)
       select task_id, 1, kind, action, $2, payload, 100, 'unknown', approval_id, gen_random_uuid(), 60, 1
       from actp_task_effects where id = $1 returning id`,
      effect,
      randomUUID(),
    );
    expect(await resolve(id, effect)).toMatchObject({ result: 'resolved', task: { status: 'failed' } });
    expect(await rowOf(id)).toMatchObject({ error_code: 'effect_unknown' });
    expect(await resolve(id, second?.id ?? '', false)).toMatchObject({ task: { status: 'failed' } });
    expect(await rowOf(id)).toMatchObject({ error_code: 'effect_not_done', cost_minor: '500' });
  });
});

describe('tasks are listed', () => {
  interface Listed {
    id: string;
    created_at: string;
    result: null;
  }
  const list = (user: string | null, status: string | null = null, before?: Listed, limit = 100) =>
    call<Listed[]>('list_tasks($1, $2, $3, $4, $5)', user, status, before?.created_at, before?.id, limit);
  const ids = async (...of: Parameters<typeof list>) => (await list(...of)).map(({ id }) => id);

  it('of one user or of all, of one status or of any, newest first and in pages', async () => {
    await run('truncate actp_tasks cascade');
    const [one, two] = [await owner(), await owner()];
    const [a, b, c, d] = [await task(one), await claimed(one), await task(two), await task(one)];
    await run(`update actp_tasks set result = '{"a": 1}'`);
    expect(await ids(null)).toEqual([d, c, b, a]);
    expect(await ids(one.id)).toEqual([d, b, a]);
    expect(await ids(null, 'running')).toEqual([b]);
    expect(await ids(two.id, 'running')).toEqual([]);
    expect((await list(one.id)).map(({ result }) => result)).toEqual([null, null, null]);
    const found: string[] = [];
    for (
      let page = await list(null, null, undefined, 3);
      page.length > 0;
      page = await list(null, null, page.at(-1), 3)
    ) {
      found.push(...page.map(({ id }) => id));
    }
    expect(found).toEqual([d, c, b, a]);
    // At the same moment the id tells them apart.
    await run(`update actp_tasks set created_at = '2020-01-01'`);
    const same = [a, b, c, d].toSorted().toReversed();
    const [first] = await list(null);
    expect(await ids(null)).toEqual(same);
    expect(await ids(null, null, first)).toEqual(same.slice(1));
    expect(await call('task_versions($1)', [a, b])).toEqual({ [a]: 1, [b]: 2 });
    expect(await call('task_versions($1)', [])).toEqual({});
  });

  it('with what people have to look at: what is open, and what nobody knows, the oldest first', async () => {
    await run('truncate actp_tasks cascade');
    const attention = (limit: number) =>
      call<{
        open: Array<{ status: string; tasks: number }>;
        unknown: number;
        effects: Array<{ id: string }>;
      }>('task_attention($1)', limit);
    expect(await attention(9)).toMatchObject({ open: [], unknown: 0, effects: [] });
    await task();
    await task();
    await released();
    const [newer, older] = [await unknown(), await unknown()];
    await run(
      `update actp_task_effects set reserved_at = reserved_at - interval '1 h' where id = $1`,
      older.effect,
    );
    const all = await attention(9);
    expect(all.open).toMatchObject([
      { status: 'queued', tasks: 2 },
      { status: 'running', tasks: 1 },
    ]);
    expect(all.unknown).toBe(2);
    expect(all.effects.map(({ id }) => id)).toEqual([older.effect, newer.effect]);
    const one = await attention(1);
    expect([one.unknown, one.effects.map(({ id }) => id)]).toEqual([2, [older.effect]]);
  });
});

it('a task is read by who asked for it, and by operators', async () => {
  const [one, two] = [await owner(), await owner()];
  const id = await task(one);
  const read = (user: string | null) => call<{ id: string } | null>('read_task($1, $2)', id, user);
  expect([await read(one.id), await read(two.id), await read(null)]).toMatchObject([{ id }, null, { id }]);
});

describe('a payment is written down', () => {
  const pay = (key: unknown, of: object = { n: 1 }) => call('pay_ledger($1, $2)', key, of);
  const payload = { asset_id: 'bitcoin', quantity: '0.1', unit_price_usd: '50', currency: 'usd' };

  it('once, under the key of an effect that was released, as it was', async () => {
    const id = await approved();
    const { effect } = await release(id, { payload });
    const key = (await effectOf(effect?.id ?? ''))?.['key'];
    expect(await pay(randomUUID(), payload)).toEqual({ result: 'not_released' });
    expect(await pay(key, { ...payload, quantity: '0.2' })).toEqual({ result: 'not_released' });
    expect((await pay(key, payload)).result).toBe('recorded');
    expect((await pay(key, payload)).result).toBe('known');
    expect(await run('select task_id, amount_minor, asset_id from actp_ledger')).toEqual([
      { task_id: id, amount_minor: '500', asset_id: 'bitcoin' },
    ]);
  });

  it('not when it is settled, and not of another kind', async () => {
    const [settled, other] = [await approved(), await approved()];
    const [one, two] = [await release(settled, { payload }), await release(other, { payload })];
    await record(settled, one.effect?.id ?? '', { state: 'not_done' });
    await run(`update actp_task_effects set kind = 'message' where id = $1`, two.effect?.id);
    for (const { effect } of [one, two]) {
      expect(await pay((await effectOf(effect?.id ?? ''))?.['key'], payload)).toEqual({
        result: 'not_released',
      });
    }
  });
});

describe('a step of an agent', () => {
  it('is of who holds the task, and a tool leaves a row', async () => {
    const [id, other] = [await claimed(), await claimed()];
    const add = (holder: string, tool: boolean) =>
      call<boolean>('add_task_step($1, $2, $3, $4, $5)', id, holder, 'search', { n: 1 }, tool);
    expect([await add('two', true), await add('one', false), await add('one', true)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await stepsOf(id)).toEqual(['started', 'search', 'search']);
    expect(await stepsOf(other)).toEqual(['started']);
    expect(
      await run(`select task_id, result from actp_agent_audit_log where action_type = 'tasks.tool.search'`),
    ).toEqual([{ task_id: id, result: { state: 'running', n: 1 } }]);
  });
});
