import { expect } from 'vitest';
import type pg from 'pg';
import { called, rowsLeftBy } from '../audit/rows.fixture.ts';
import { approvalCalls, context, digest, payload, type Answer } from './approvals.fixture.ts';

export const [operator, other] = ['operator:op@example.com', 'operator:other@example.com'] as const;
export const facts = (state: string, more: object = {}) => ({
  action: 'dm.bulk_send',
  action_digest: digest,
  state,
  ...more,
});
export type Row = [action: string, status: string, agent: string, result: object, by?: object];

export const denied = { denied: { rule: 'gate:dm.bulk_send', reasons: ['too many'] }, version: 'v2' };
export const violation = (rule: string, attempt: string, more: object = {}): Row => [
  'security.policy_violation',
  'denied',
  'agent-1',
  { rule, action: 'dm.bulk_send', attempt, ...more },
];

/** What an approval goes through, with what each step leaves in the audit log. */
export function auditedCalls(sql: pg.Pool) {
  const calls = approvalCalls(sql);
  let updates = 0;
  const telegram = (more: object = {}) => ({
    update_id: (updates += 1),
    chat_id: '-1',
    message_id: 5,
    ...more,
  });

  async function answer(text: string, ...values: unknown[]): Promise<Answer> {
    const { rows } = await sql.query<{ answer: Answer }>(`select ${text} as answer`, values);
    if (!rows[0]) throw new Error('a function always answers');
    return rows[0].answer;
  }
  const card = (id: string) => sql.query(`select record_approval_card($1, '-1', 5, 1)`, [id]);
  const press = (id: string, confirmed: boolean, actor = 'telegram:1') =>
    answer(
      `press_approval($1, 'approved', $2, $3, $4, $5, $6)`,
      id,
      confirmed,
      digest,
      actor,
      telegram(),
      context,
    );
  const decide = (id: string, decision: string, policy: unknown = null) =>
    answer(
      'decide_approval($1, $2, $3, $4, null, null, $5, $6)',
      id,
      decision,
      digest,
      operator,
      context,
      policy,
    );
  const redeem = (id: string, policy: unknown = null, given = payload) =>
    answer('redeem_approval($1, $2, $3, null, $4)', id, given, context, policy);
  const outcome = (id: string, what: string, before: boolean, confirmed: boolean) =>
    answer('record_outcome($1, $2, $3, $4, $5, $6)', id, what, { ok: 1 }, context, before, confirmed);
  const stop = (scope: string) =>
    sql.query(`insert into actp_kill_switches (scope, reason, set_by) values ($1, 'test', $2)`, [
      scope,
      operator,
    ]);
  const lift = () => sql.query(`update actp_kill_switches set lifted_at = now(), lifted_by = set_by`);

  async function asked(over: Record<string, unknown> = {}): Promise<string> {
    return (await calls.request(over)).id;
  }
  async function approved(over: Record<string, unknown> = {}): Promise<string> {
    const id = await asked(over);
    await calls.decide(id, 'approved', operator);
    return id;
  }
  async function redeemed(): Promise<string> {
    const id = await approved();
    await calls.redeem(id);
    return id;
  }

  /** Each step leaves exactly these rows, all about the approval. */
  async function expectRows(id: string, work: () => Promise<unknown>, expected: Row[]): Promise<void> {
    const rows = await rowsLeftBy(sql, work);
    expect(rows).toEqual(
      expected.map(([action_type, status, agent_id, result, by = called]) => ({
        action_type,
        status,
        agent_id,
        // An operator's row has the name as well.
        result: agent_id === operator ? { ...result, name: 'op@example.com' } : result,
        approval_id: id,
        ...by,
      })),
    );
  }
  return {
    calls,
    answer,
    card,
    press,
    decide,
    redeem,
    outcome,
    stop,
    lift,
    asked,
    approved,
    redeemed,
    telegram,
    expectRows,
  };
}
