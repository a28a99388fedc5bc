import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { context, payload } from './approvals.fixture.ts';
import { auditedCalls, operator } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, answer, asked, approved, redeemed } = auditedCalls(sql);

interface Word {
  what?: string | null;
  by?: object;
  before?: boolean | null;
  confirmed?: boolean;
}
const say = (id: string, { what = 'failed', by = {}, before = false, confirmed = false }: Word = {}) =>
  answer('record_outcome($1, $2, null, $3, $4, $5)', id, what, { ...context, ...by }, before, confirmed);
const resultOf = async (id: string, word?: Word) => (await say(id, word)).result;

/** Redeemed, with one use of a counter that only an operator's word gives back. */
async function counted(): Promise<string> {
  const id = await approved();
  const limits = JSON.stringify([
    { counter: randomUUID(), amount: 1, max: 9, seconds: 60, over: 'require_approval' },
  ]);
  const { result } = await answer('redeem_approval($1, $2, $3, $4)', id, payload, context, limits);
  expect(result).toBe('redeemed');
  return id;
}
async function usesOf(id: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select count(*)::int as n from actp_limit_uses u
     join actp_approval_queue a on a.grant_id = u.grant_id where a.id = $1`,
    [id],
  );
  return rows[0]?.n ?? 0;
}
async function effectOf(approvalId: string): Promise<void> {
  await sql.query(
    `with task as (
       insert into actp_tasks (user_id, prompt, max_spend_minor)
       select id, 'p', 0 from actp_users limit 1 returning id)
     insert into actp_task_effects (task_id, place, kind, action, key, payload, approval_id, grant_id, key_kept_seconds)
     select id, 0, 'k', 'a', $2, '{}', $1, gen_random_uuid(), 60 from task`,
    [approvalId, randomUUID()],
  );
}

describe('how it went', () => {
  it.each<[who: string, source: string, by: object, result: string]>([
    ['its agent', 'http', {}, 'recorded'],
    ['another agent', 'http', { agent_id: 'agent-2' }, 'other_agent'],
    ['the plane', 'http', { agent_id: 'worker', source: 'plane' }, 'recorded'],
    ['its agent, where the plane asked in its name', 'plane', {}, 'other_agent'],
    ['the plane, where it asked itself', 'plane', { agent_id: 'worker', source: 'plane' }, 'recorded'],
  ])('is said by %s', async (_who, source, by, result) => {
    const id = await redeemed();
    await sql.query('update actp_approval_queue set source = $2 where id = $1', [id, source]);
    expect(await resultOf(id, { by })).toBe(result);
    expect((await calls.read(id)).outcome).toBe(result === 'recorded' ? 'failed' : null);
  });

  it('is said of the effect where there is one, by nobody but the plane', async () => {
    const [ofTask, plain] = [await redeemed(), await redeemed()];
    await effectOf(ofTask);
    expect(await resultOf(ofTask)).toBe('effect_of_task');
    expect(await resultOf(ofTask, { by: { agent_id: operator }, confirmed: true })).toBe('effect_of_task');
    expect(await resultOf(plain)).toBe('recorded');
    expect(await resultOf(ofTask, { by: { source: 'plane' } })).toBe('recorded');
  });

  it('is taken from an operator who may still act', async () => {
    const id = await redeemed();
    const by = { agent_id: operator };
    await sql.query(`update actp_users set disabled_at = now() where email = 'op@example.com'`);
    expect(await resultOf(id, { by, confirmed: true })).toBe('not_operator');
    expect(await resultOf(id, { by: { agent_id: 'operator:nobody@example.com' }, confirmed: true })).toBe(
      'not_operator',
    );
    await sql.query('update actp_users set disabled_at = null');
    expect(await resultOf(id, { by, confirmed: true })).toBe('recorded');
  });

  it('is known of what was redeemed alone', async () => {
    expect(await resultOf(await asked())).toBe('not_redeemed');
    expect(await resultOf(await approved())).toBe('not_redeemed');
    expect(await resultOf(randomUUID())).toBe('not_found');
  });

  it.each<[string, Word]>([
    ['nothing', { what: null }],
    ['what nobody reports', { what: 'unknown' }],
    ['a success before it had any effect', { what: 'succeeded', before: true }],
    ['a failure of which nobody says when', { before: null }],
  ])('is not %s', async (_what, word) => {
    await expect(say(await redeemed(), word)).rejects.toThrow('an outcome is');
  });

  it.each<[first: Word, again: Word, result: string]>([
    [{}, {}, 'recorded'],
    [{}, { what: 'succeeded' }, 'already_recorded'],
    [{}, { before: true }, 'already_recorded'],
    [{ before: true }, { before: true }, 'recorded'],
    [{ before: true }, {}, 'already_recorded'],
    [{ what: 'succeeded' }, { what: 'succeeded' }, 'recorded'],
    [{ what: 'succeeded' }, { before: true, confirmed: true }, 'already_recorded'],
  ])('stays: after %j comes %j', async (first, again, result) => {
    const id = await redeemed();
    expect(await resultOf(id, first)).toBe('recorded');
    const before = await calls.read(id);
    expect(await resultOf(id, again)).toBe(result);
    expect(await calls.read(id)).toEqual(before);
  });
});

describe('a use of a limit is given back', () => {
  it.each<[what: string, earlier: Word | null | 'silent', word: Word, left: number]>([
    ['by an operator, of what nobody has reported', null, { before: true, confirmed: true }, 0],
    ['by an operator, of what has failed', {}, { before: true, confirmed: true }, 0],
    ['by an operator, where the agent says so', { before: true }, { before: true, confirmed: true }, 0],
    ['by an operator, of what is not heard of', 'silent', { before: true, confirmed: true }, 0],
    ['not by the agent', null, { before: true }, 1],
    ['not where it failed later', null, { confirmed: true }, 1],
    ['not of what succeeded', { what: 'succeeded' }, { before: true, confirmed: true }, 1],
  ])('%s', async (_what, earlier, word, left) => {
    const [id, other] = [await counted(), await counted()];
    if (earlier === 'silent') {
      await calls.elapse(id, 100);
      await calls.expire(100);
    } else if (earlier !== null) await say(id, earlier);
    await say(id, word);
    expect(await usesOf(id)).toBe(left);
    expect(await usesOf(other)).toBe(1);
  });

  it('and that it had no effect is noted once, whatever others have used', async () => {
    const id = await redeemed();
    await counted();
    await say(id, { before: true });
    const before = await calls.read(id);
    expect(await resultOf(id, { before: true, confirmed: true })).toBe('recorded');
    expect(await calls.read(id)).toEqual(before);
  });
});
