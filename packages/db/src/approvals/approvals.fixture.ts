import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';

export const sha = (text: string) => createHash('sha256').update(text).digest('hex');
export const digest = sha('action');
export const payload = sha('payload');
export const context = { agent_id: 'agent-1', ip: '127.0.0.1', user_agent: 'test', request_id: randomUUID() };
const person = 'telegram:42';

export interface Answer {
  result: string;
  approval?: Approval;
  grant_id?: string;
}

export interface Approval {
  id: string;
  status: string;
  decided_by: string | null;
  decided_at: string | null;
  expires_at: string;
  redeemed_at: string | null;
  lapsed_at: string | null;
  outcome: string | null;
  version: number;
}

/** The account of an operator, as if the invitation had been accepted; once, however often it is asked for. */
export function withOperators(
  sql: pg.Pool,
  emails = ['a@b.c', 'op@example.com', 'other@example.com'],
): () => Promise<unknown> {
  let made: Promise<unknown> | undefined;
  return () =>
    (made ??= sql.query(
      `insert into actp_users (email, password_hash, role)
       select email, 'of a test', 'operator' from unnest($1::text[]) email on conflict do nothing`,
      [emails],
    ));
}

/** The SQL functions as a process would call them, straight, so that races are as tight as they get. */
export function approvalCalls(sql: pg.Pool, agent = context.agent_id) {
  const asAgent = { ...context, agent_id: agent };
  const operators = withOperators(sql);
  const call = async (text: string, values: unknown[]): Promise<Answer> => {
    const { rows } = await sql.query<{ answer: Answer }>(`select ${text} as answer`, values);
    if (!rows[0]) throw new Error('a function always answers');
    return rows[0].answer;
  };
  return {
    async request(over: Record<string, unknown> = {}): Promise<Approval> {
      await operators();
      const request = {
        action: 'dm.bulk_send',
        details: { recipients: 25 },
        requested_by: 'agent-1',
        ttl_seconds: 3_600,
        grant_seconds: 600,
        action_digest: digest,
        payload_digest: payload,
        policy_version: 'v1',
        ...over,
      };
      const { approval } = await call('request_approval($1, $2)', [request, asAgent]);
      if (!approval) throw new Error('the request was refused');
      return approval;
    },
    decide: (id: string, decision: string, actor = person, actionDigest = digest, telegram: unknown = null) =>
      call('decide_approval($1, $2, $3, $4, null, $5, $6)', [
        id,
        decision,
        actionDigest,
        actor,
        telegram,
        context,
      ]),
    redeem: (id: string, payloadDigest = payload) =>
      call('redeem_approval($1, $2, $3)', [id, payloadDigest, asAgent]),
    outcome: (id: string, status: string) =>
      call('record_outcome($1, $2, $3, $4)', [id, status, null, asAgent]),
    cancel: (id: string) => call('cancel_approval($1, $2)', [id, asAgent]),
    async expire(unknownAfterSeconds = 86_400): Promise<string[]> {
      const { rows } = await sql.query<{ id: string }>('select expire_approvals(1000, $1) as id', [
        unknownAfterSeconds,
      ]);
      return rows.map((row) => row.id);
    },
    async read(id: string): Promise<Approval> {
      const { rows } = await sql.query<{ a: Approval }>('select read_approval($1) as a', [id]);
      if (!rows[0]) throw new Error('gone');
      return rows[0].a;
    },
    /** What the clock would do: as the owner, every time of this approval moves into the past. */
    async elapse(id: string, seconds: number): Promise<void> {
      await sql.query(
        `update actp_approval_queue set
           created_at = created_at - make_interval(secs => $2), expires_at = expires_at - make_interval(secs => $2),
           decided_at = decided_at - make_interval(secs => $2), redeemed_at = redeemed_at - make_interval(secs => $2)
         where id = $1`,
        [id, seconds],
      );
    },
  };
}
