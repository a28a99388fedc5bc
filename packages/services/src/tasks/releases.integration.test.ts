import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { openTasks, planOf, redeem, release } from './releases.fixture.ts';

const stores = await openStores();
const { sql } = stores;
const { executor, task, approved } = await openTasks(stores);

const effectsOf = async (id: string) =>
  (await sql.query('select state, attempts from actp_task_effects where task_id = $1', [id])).rows;

describe('[EFF-001] releasing an effect', () => {
  it('works once, however many ask at the same moment', async () => {
    const store = executor();
    const id = await approved(store);
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.release(id, release, redeem)));
    expect(answers.filter(({ result }) => result === 'reserved')).toHaveLength(1);
    expect(answers.filter(({ result }) => result === 'known')).toHaveLength(19);
    expect(new Set(answers.map(({ effect }) => effect?.id)).size).toBe(1);
  });

  it('is refused to an executor that does not hold the task', async () => {
    const store = executor();
    const id = await approved(store);
    expect(await executor().release(id, release, redeem)).toEqual({ result: 'lost' });
    await sql.query(`update actp_tasks set held_until = now() - interval '1 second' where id = $1`, [id]);
    expect(await store.release(id, release, redeem)).toEqual({ result: 'lost' });
    expect(await effectsOf(id)).toEqual([]);
  });

  it.each([
    ['without an approval', `update actp_tasks set approval_id = null where id = $1`, 'not_planned'],
    [
      'when the approval was not given',
      `update actp_approval_queue set status = 'rejected' where id = (select approval_id from actp_tasks where id = $1)`,
      'not_approved',
    ],
    [
      'when it was not used in time',
      `update actp_approval_queue set decided_at = decided_at - interval '1 day', created_at = created_at - interval '1 day'
       where id = (select approval_id from actp_tasks where id = $1)`,
      'lapsed',
    ],
    [
      'when the account was disabled',
      `update actp_users set disabled_at = now() where id = (select user_id from actp_tasks where id = $1)`,
      'account_ended',
    ],
    ['when the money is no longer reserved', `select release_spend($1, '{}')`, 'above_reservation'],
    [
      'when it was stopped',
      `select set_kill_switch('agent:purchase', 'r', 'operator:op@example.com', '{}') where $1 <> ''`,
      'kill_switch',
    ],
  ])('is refused %s', async (_, change, result) => {
    const store = executor();
    const id = await approved(store);
    await sql.query(change, [id]);
    expect(await store.release(id, release, redeem)).toMatchObject({ result });
    expect(await effectsOf(id)).toEqual([]);
    await sql.query('update actp_users set disabled_at = null; delete from actp_kill_switches');
  });

  it.each([
    [
      'another payload than was approved',
      { ...redeem, payload_digest: 'b'.repeat(64) },
      release,
      'digest_mismatch',
    ],
    [
      'what the policy denies by now',
      { ...redeem, policy: { ...redeem.policy, denied: { rule: 'gate:payment.*', reasons: [] } } },
      release,
      'policy_denied',
    ],
    ['a place that is not planned', redeem, { ...release, place: 1 }, 'not_planned'],
    ['a place before the first', redeem, { ...release, place: -1 }, 'not_planned'],
    ['more than was reserved', redeem, { ...release, amount_minor: 501 }, 'above_reservation'],
  ])('is refused for %s', async (_, asked, effect, result) => {
    const store = executor();
    const id = await approved(store);
    expect(await store.release(id, effect, asked)).toMatchObject({ result });
    expect(await effectsOf(id)).toEqual([]);
  });
});

describe('[EFF-001] a second plan', () => {
  it('changes nothing: the first one is what is done', async () => {
    const store = executor();
    const id = await task();
    await store.claim(id);
    await store.plan(id, planOf(id), 1_000_000);
    const again = await store.plan(id, planOf(id, { at_most_minor: 900, effects: [] }), 1_000_000);
    expect(again).toMatchObject({ result: 'known', work: { plan: { at_most_minor: 500 } } });
  });
});

describe('[EFF-001] attempts', () => {
  it('are counted before they are made, and what surely was not sent is not counted', async () => {
    const store = executor();
    const id = await approved(store);
    const { effect } = await store.release(id, release, redeem);
    const effectId = effect?.id ?? '';
    expect(await store.beginAttempt(id, effectId)).toMatchObject({ result: 'go', effect: { attempts: 1 } });
    await store.record(id, effectId, { state: 'not_sent' });
    expect(await effectsOf(id)).toEqual([{ state: 'reserved', attempts: 0 }]);
    await store.beginAttempt(id, effectId);
    await sql.query(
      `update actp_task_effects set first_attempt_at = now() - interval '61 seconds' where id = $1`,
      [effectId],
    );
    expect(await store.beginAttempt(id, effectId)).toMatchObject({
      result: 'look_up',
      effect: { attempts: 1 },
    });
  });

  it('stopped by a kill switch: never sent has not happened, sent is unknown', async () => {
    const stop = (scope: string) =>
      sql.query(`select set_kill_switch($1, 'r', 'operator:op@example.com', '{}')`, [scope]);
    const store = executor();
    const outcomes: string[] = [];
    for (const [sent, scope] of [
      [false, 'action:payment.*'],
      [true, 'action:payment.*'],
      [false, 'agent:executor'],
    ] as const) {
      const id = await approved(store);
      const { effect } = await store.release(id, release, redeem);
      const effectId = effect?.id ?? '';
      if (sent) await store.beginAttempt(id, effectId);
      await stop(scope);
      const begun = await store.beginAttempt(id, effectId);
      expect(begun.result).toBe('stopped');
      outcomes.push(begun.effect?.state ?? '');
      await sql.query('delete from actp_kill_switches');
    }
    expect(outcomes).toEqual(['not_done', 'unknown', 'not_done']);
  });

  it('that came through are believed also from an executor that has lost the task; nothing else is', async () => {
    const first = executor();
    const id = await approved(first);
    const { effect } = await first.release(id, release, redeem);
    const effectId = effect?.id ?? '';
    await first.beginAttempt(id, effectId);
    await sql.query(`update actp_tasks set held_until = now() - interval '1 second' where id = $1`, [id]);
    const second = executor();
    await second.claim(id);
    expect(await first.record(id, effectId, { state: 'not_done', reason: 'x' })).toEqual({ result: 'lost' });
    expect(await first.record(id, effectId, { state: 'done', reference: 'r-1', facts: {} })).toMatchObject({
      result: 'recorded',
    });
    expect(await second.record(id, effectId, { state: 'unknown', reason: 'x' })).toMatchObject({
      result: 'known',
      effect: { state: 'done', reference: 'r-1' },
    });
    expect(await second.finish(id, { event: 'succeed', cost_minor: 500 })).toBe(true);
  });

  it('a task does not succeed while its effect has not happened', async () => {
    const store = executor();
    const id = await approved(store);
    await expect(store.finish(id, { event: 'succeed', cost_minor: 0 })).rejects.toThrow(
      'a task has succeeded when all its effects are done',
    );
  });
});
