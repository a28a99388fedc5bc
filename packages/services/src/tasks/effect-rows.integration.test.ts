import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { openTasks, planOf, redeem, release } from './releases.fixture.ts';

const stores = await openStores();
const { sql } = stores;
const { executor, task, approved } = await openTasks(stores);

async function rowsOf(id: string) {
  const { rows } = await sql.query<{ row: string }>(
    `select concat_ws(' ', action_type, status, agent_id) as row from actp_agent_audit_log
     where task_id = $1 order by created_at, chain_lane, chain_seq`,
    [id],
  );
  return rows.map(({ row }) => row);
}
async function one<T>(text: string, ...values: unknown[]): Promise<T> {
  const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
  if (!rows[0]) throw new Error('there is no answer');
  return rows[0].answer;
}

describe('[EFF-001] an effect leaves its rows', () => {
  it('reserved, each attempt, and that it happened', async () => {
    const store = executor();
    const id = await approved(store);
    const before = await rowsOf(id);
    const { effect } = await store.release(id, release, redeem);
    const effectId = effect?.id ?? '';
    await store.beginAttempt(id, effectId);
    await store.beginAttempt(id, effectId);
    await store.record(id, effectId, { state: 'done', reference: 'r-1', facts: {} });
    await store.finish(id, { event: 'succeed', cost_minor: 500 });
    const rows = await rowsOf(id);
    expect(rows.slice(0, before.length)).toEqual(before);
    const of = (row: string) => rows.filter((other) => other === row).length;
    expect(of('tasks.effect.reserved ok purchase')).toBe(1);
    expect(of('tasks.effect.attempt ok purchase')).toBe(2);
    expect(of('tasks.effect.done ok purchase')).toBe(1);
    expect(of('approval.redeem ok purchase')).toBe(1);
    expect(of('approval.outcome ok purchase')).toBe(1);
    expect(rows.filter((row) => row.startsWith('tasks.succeeded ok '))).toHaveLength(1);
    const facts = await sql.query(
      `select result ->> 'attempt' as attempt from actp_agent_audit_log
       where task_id = $1 and action_type = 'tasks.effect.attempt' order by 1`,
      [id],
    );
    expect(facts.rows).toEqual([{ attempt: '1' }, { attempt: '2' }]);
  });

  it.each([
    ['not_done', false],
    ['unknown', true],
  ] as const)('stopped: %s, with the violation', async (state, sent) => {
    const store = executor();
    const id = await approved(store);
    const { effect } = await store.release(id, release, redeem);
    const effectId = effect?.id ?? '';
    if (sent) await store.beginAttempt(id, effectId);
    await sql.query(`select set_kill_switch('agent:purchase', 'r', 'operator:op@example.com', '{}')`);
    await store.beginAttempt(id, effectId);
    await sql.query('delete from actp_kill_switches');
    const rows = await rowsOf(id);
    expect(rows).toContain(`tasks.effect.${state} error purchase`);
    expect(rows).not.toContain('tasks.effect.done ok purchase');
    expect(rows.filter((row) => row === 'tasks.effect.attempt ok purchase')).toHaveLength(sent ? 1 : 0);
    const { rows: violations } = await sql.query(
      `select result ->> 'attempt' as attempt from actp_agent_audit_log
       where approval_id = (select approval_id from actp_tasks where id = $1) and action_type = 'security.policy_violation'`,
      [id],
    );
    expect(violations).toEqual([{ attempt: 'tasks.effect.attempt' }]);
    const told = await one<number>(
      `(select count(*)::int from actp_notifications where dedupe_key = $1)`,
      `effect:${effectId}:unknown`,
    );
    expect(told).toBe(sent ? 1 : 0);
  });

  it('an attempt as long as the key is kept, and none as soon as it is not', async () => {
    const store = executor();
    const id = await approved(store);
    const { effect } = await store.release(id, release, redeem);
    const effectId = effect?.id ?? '';
    await store.beginAttempt(id, effectId);
    const began = (seconds: number) =>
      sql.query(
        `update actp_task_effects set first_attempt_at = clock_timestamp() - make_interval(secs => $2) where id = $1`,
        [effectId, seconds],
      );
    // Far more than a call takes anywhere.
    await sql.query('update actp_task_effects set key_kept_seconds = 6000 where id = $1', [effectId]);
    await began(3_000);
    expect((await store.beginAttempt(id, effectId)).result).toBe('go');
    await began(6_000);
    expect((await store.beginAttempt(id, effectId)).result).toBe('look_up');
    await store.record(id, effectId, { state: 'done', reference: 'r', facts: {} });
    expect((await store.beginAttempt(id, effectId)).result).toBe('settled');
  });
});

describe('[EFF-001] a task that is cancelled', () => {
  const userOf = async (id: string) => one<string>('(select user_id from actp_tasks where id = $1)', id);
  const cancel = async (id: string, user: string) =>
    (await one<{ result: string }>(`cancel_task($1, $2, 'user:a@example.com', '{}')`, id, user)).result;

  it('takes its approval and its money with it, once, and only for who asked', async () => {
    const store = executor();
    const id = await approved(store);
    const user = await userOf(id);
    expect(await cancel(id, randomUUID())).toBe('not_found');
    expect(await cancel(randomUUID(), user)).toBe('not_found');
    expect(await cancel(id, user)).toBe('cancelled');
    expect(await cancel(id, user)).toBe('known');
    expect((await rowsOf(id)).filter((row) => row === 'tasks.cancelled ok user:a@example.com')).toHaveLength(
      1,
    );
    const { rows } = await sql.query('select state from actp_spend_reservations where id = $1', [id]);
    expect(rows).toEqual([{ state: 'released' }]);
    // The executor that held it finds it gone, and releases nothing.
    expect(await store.release(id, release, redeem)).toEqual({ result: 'lost' });
  });

  it('withdraws the question that waits for a person', async () => {
    const store = executor();
    const id = await task();
    await store.claim(id);
    await store.plan(id, planOf(id), 1_000_000);
    const asked = await one<{ approval: { id: string } }>(
      'request_approval($1, $2)',
      {
        action: 'payment.purchase',
        details: {},
        requested_by: 'user:a',
        ttl_seconds: 600,
        grant_seconds: 600,
      },
      { agent_id: 'purchase', source: 'plane' },
    );
    await store.awaitApproval(id, asked.approval.id);
    expect(await cancel(id, await userOf(id))).toBe('cancelled');
    expect(await one('(select status from actp_approval_queue where id = $1)', asked.approval.id)).toBe(
      'cancelled',
    );
  });

  it('is not one when its effect is under way, or it has ended', async () => {
    const store = executor();
    const id = await approved(store);
    const user = await userOf(id);
    const { effect } = await store.release(id, release, redeem);
    expect(await cancel(id, user)).toBe('effect_under_way');
    await store.beginAttempt(id, effect?.id ?? '');
    await store.record(id, effect?.id ?? '', { state: 'done', reference: 'r', facts: {} });
    expect(await cancel(id, user)).toBe('effect_under_way');
    await store.finish(id, { event: 'succeed', cost_minor: 500 });
    expect(await cancel(id, user)).toBe('already_ended');
  });
});
