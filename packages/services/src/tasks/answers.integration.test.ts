import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { asUser } from '../verbs.fixture.ts';
import { createTask } from './create.ts';
import { readTask } from './read.ts';
import { openTasks, planOf, redeem, release } from './releases.fixture.ts';

const stores = await openStores();
const { sql } = stores;
const { executor, task, approved } = await openTasks(stores);
const gateway = createDb(stores.env, 'gateway', 20_000);

describe('an executor hears of a task', () => {
  it('all that its work needs', async () => {
    const store = executor();
    const id = await task();
    const none = { agent: null, plan: null, approval_id: null, ip: null, user_agent: null, request_id: null };
    const claimed = await store.claim(id);
    expect(claimed).toEqual({
      result: 'claimed',
      work: {
        ...{ id, status: 'running', prompt: 'pay', max_spend_minor: 1_000, claims: 1, effects: [] },
        ...{ ...none, spent_today_minor: 0 },
        requested_by: expect.stringMatching(/^user:.*@example\.com$/) as string,
        user_id: expect.any(String) as string,
      },
    });
    const plan = planOf(id, { note: 'as cheap as it gets', ask: { action: 'pay', details: { a: 1 } } });
    expect(await store.plan(id, plan, 1_000_000)).toMatchObject({
      ...{ result: 'planned', work: { id, agent: 'purchase', plan, spent_today_minor: 500 } },
    });
  });

  it('and of its effects', async () => {
    const store = executor();
    const id = await approved(store);
    const { effect } = await store.release(id, release, redeem);
    const reserved = {
      ...{ id: effect?.id, place: 0, kind: 'payment', key: `actp-key-of-${id}`, payload: release.payload },
      ...{ state: 'reserved', attempts: 0, reference: null, facts: {}, reason: null, key_kept: true },
    };
    expect(effect).toEqual(reserved);
    const effectId = effect?.id ?? '';
    await store.beginAttempt(id, effectId);
    const facts = { network: 'x', fee: 2, final: true };
    const { effect: done } = await store.record(id, effectId, { state: 'done', reference: 'r-1', facts });
    expect(done).toEqual({ ...reserved, state: 'done', attempts: 1, reference: 'r-1', facts });
  });

  it.each([
    ['waits for people', 'waiting', false],
    ['is over', 'over', true],
  ])('that it %s', async (_what, result, over) => {
    const store = executor();
    const id = await approved(store);
    await sql.query('update actp_tasks set held_until = null, holder = null where id = $1', [id]);
    await sql.query(
      over
        ? `update actp_tasks set status = 'cancelled', ended_at = now() where id = $1`
        : `update actp_tasks set status = 'awaiting_approval' where id = $1`,
      [id],
    );
    await sql.query(
      `update actp_approval_queue set status = 'pending', decided_at = null, decided_by = null
       where id = (select approval_id from actp_tasks where id = $1)`,
      [id],
    );
    expect(await store.claim(id)).toEqual({ result });
  });

  it('that it is another user’s turn', async () => {
    const [first] = [await task()];
    const { rows } = await sql.query<{ id: string }>(
      `insert into actp_tasks (user_id, prompt, max_spend_minor)
       select user_id, 'pay', 1000 from actp_tasks, generate_series(1, 4) where id = $1 returning id`,
      [first],
    );
    const store = executor();
    for (const { id } of rows) expect(await store.claim(id)).toMatchObject({ result: 'claimed' });
    expect(await store.claim(first)).toEqual({ result: 'later' });
  });

  it('that it is lost', async () => {
    const store = executor();
    const id = await approved(store);
    const { effect } = await store.release(id, release, redeem);
    const other = executor();
    expect(await other.beginAttempt(id, effect?.id ?? '')).toEqual({ result: 'lost' });
    expect(await other.awaitApproval(id, id)).toBe(false);
    expect(await other.finish(id, { event: 'fail', cost_minor: 0 })).toBe(false);
    expect(await other.hold([id])).toEqual([]);
  });
});

it('who has asked sees what nobody knows of an effect, and what it has cost', async () => {
  const store = executor();
  const id = await approved(store);
  const { effect } = await store.release(id, release, redeem);
  const effectId = effect?.id ?? '';
  await store.beginAttempt(id, effectId);
  await store.record(id, effectId, { state: 'unknown', reason: 'no answer' });
  await store.finish(id, {
    event: 'fail',
    error: 'nobody knows',
    error_code: 'effect_unknown',
    cost_minor: 500,
  });
  const { rows } = await sql.query<{ approval_id: string }>(
    'select approval_id from actp_tasks where id = $1',
    [id],
  );
  const approval_id = rows[0]?.approval_id;
  expect(await readTask(gateway, id, 'all')).toMatchObject({
    ...{ id, status: 'failed', agent: 'purchase', max_spend: 10, cost_usd: 5, approval_id },
    error: expect.stringContaining('nobody knows') as string,
    ...{ error_code: 'effect_unknown', result: null },
    effects: [
      {
        ...{ id: effectId, kind: 'payment', state: 'unknown', reference: null, reason: 'no answer' },
        ...{ attempts: 1, approval_id },
      },
    ],
    ended_at: expect.stringMatching(/Z$/) as string,
  });
});

describe('a task that is asked for', () => {
  const answering = (answer: unknown) => ({
    ...{ maxSpendPerTask: 100, announce: () => undefined },
    db: { call: () => Promise.resolve(answer as never) },
  });
  const request = { prompt: 'a chair', maxSpend: undefined, idempotencyKey: undefined };
  const ask = (answer: unknown) => createTask(answering(answer), request, asUser);

  it.each([
    ['above_most', 'validation_failed', 'the task may not spend so much'],
    ['idempotency_mismatch', 'idempotency_mismatch', 'Idempotency-Key reused with a different body'],
    ['not_user', 'forbidden', 'the account is disabled, or the session has ended'],
    ['created', 'internal', 'the database returned no task'],
  ])('is refused in words: %s', async (result, code, message) => {
    await expect(ask({ result })).rejects.toMatchObject({ code, message });
  });
});

it('money is kept to the cent, as it was written', async () => {
  const { rows } = await sql.query<{ id: string; session: string }>(
    `with u as (insert into actp_users (email, password_hash) values ('payer@example.com', 'x') returning id, role),
     s as (insert into actp_sessions (user_id, kind, role, expires_at)
       select id, 'api', role, now() + interval '1 hour' from u returning id)
     select u.id, s.id as session from u, s`,
  );
  const actor = { kind: 'user' as const, email: 'payer@example.com', id: '', session: '', ...rows[0] };
  const deps = { db: gateway, maxSpendPerTask: 100, announce: () => undefined };
  const spends = [];
  for (const maxSpend of [1.15, 4.35, 0.29, 0.009, 0, 99.999]) {
    const request = { prompt: 'a chair', maxSpend, idempotencyKey: undefined };
    spends.push((await createTask(deps, request, { ...asUser, actor })).max_spend);
  }
  expect(spends).toEqual([1.15, 4.35, 0.29, 0, 0, 99.99]);
});
