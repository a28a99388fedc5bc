import { expect } from 'vitest';
import type pg from 'pg';
import { context } from '../approvals/approvals.fixture.ts';

/** The audit rows that a piece of work leaves, in the order in which they were written, without ids and times. */
export async function rowsLeftBy(sql: pg.Pool, work: () => Promise<unknown>): Promise<AuditRow[]> {
  // As text: a Date has milliseconds only, and would let in what was written just before.
  const start = await sql.query<{ at: string }>('select clock_timestamp()::text as at');
  await work();
  const { rows } = await sql.query<AuditRow>(
    `select action_type, status, agent_id, result, approval_id, source, host(ip_address) as ip, user_agent, request_id
     from actp_agent_audit_log where created_at > $1::timestamptz order by created_at, chain_lane, chain_seq`,
    [start.rows[0]?.at],
  );
  return rows;
}

export interface AuditRow {
  action_type: string;
  status: string;
  agent_id: string;
  result: Record<string, unknown> | null;
  approval_id: string | null;
  source: string;
  ip: string | null;
  user_agent: string | null;
  request_id: string | null;
}

/** What stands in a row of somebody who called with the context of the fixtures. */
export const called = {
  source: 'plane',
  ip: '127.0.0.1',
  user_agent: 'test',
  request_id: context.request_id,
};
/** In a row that the plane writes by itself. */
export const byItself = { source: 'plane', ip: '127.0.0.1', user_agent: 'actp-worker', request_id: null };

/** Action, status, agent, and what is in the result at least. */
export type Row = [action: string, status: string, agent: string, result: object | null];

/** Calls of SQL functions, and what they leave. */
export function rowCalls(sql: pg.Pool) {
  async function call<T = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<T> {
    const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
    if (!rows[0]) throw new Error('a function always answers');
    return rows[0].answer;
  }

  async function expectRows(work: () => Promise<unknown>, expected: Row[], by: object = called) {
    const rows = await rowsLeftBy(sql, work);
    expect(rows).toMatchObject(
      expected.map(([action_type, status, agent_id, result]) => ({
        action_type,
        status,
        agent_id,
        result,
        ...by,
      })),
    );
  }
  return { call, expectRows };
}
