import type pg from 'pg';
import { context } from '../approvals/approvals.fixture.ts';

/** The audit rows that a piece of work leaves, in the order in which they were written, without ids and times. */
export async function rowsLeftBy(sql: pg.Pool, work: () => Promise<unknown>): Promise<AuditRow[]> {
  const newest = await sql.query<{ at: Date }>('select clock_timestamp() as at');
  await work();
  const { rows } = await sql.query<AuditRow>(
    `select action_type, status, agent_id, result, approval_id, source, host(ip_address) as ip, user_agent, request_id
     from actp_agent_audit_log where created_at > $1 order by created_at, chain_lane, chain_seq`,
    [newest.rows[0]?.at],
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
