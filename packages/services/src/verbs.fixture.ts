import { randomUUID } from 'node:crypto';
import { createDb } from '@actp/db/client';
import { readyGates } from '@actp/policy/gates';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { parsePolicy } from '@actp/policy/policy';
import type { Stores } from '@actp/testing/stores';
import type { Approval } from './approvals/approval-schema.ts';
import type { RequestContext } from './request-context.ts';

/** A policy with these gates, which allows all else. */
export function policyOf(...gates: string[]): LoadedPolicy {
  const list = gates.map((gate) => `  - ${gate}\n`).join('');
  const text = `version: 1\ntools: { allow: [research] }\ngates:${list === '' ? ' []\n' : `\n${list}`}defaults: { effect: allow }\n`;
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { policy: parsed.policy, gates: readyGates(parsed.policy.gates), version: parsed.version };
}

const from = { ip: '203.0.113.7', userAgent: 'curl/8', requestId: 'the-request' };
export const asAgent = (id = 'buyer', actions?: readonly string[]): RequestContext => ({
  actor: { kind: 'agent', id, actions },
  ...from,
});
export const asUser: RequestContext = {
  actor: { kind: 'user', id: randomUUID(), email: 'user@example.com' },
  ...from,
};

/** The verbs' surroundings: a gateway's database, a policy that can be exchanged, operators, and what was announced. */
export async function openVerbs(stores: Stores) {
  const { sql } = stores;
  const state = { policy: policyOf('{ action: pay, approval: required }'), maxSpendPerTask: 1_000 };
  const announced: Approval[] = [];
  async function operator(email: string): Promise<RequestContext> {
    const { rows } = await sql.query<{ id: string; session: string }>(
      `with made as (
         insert into actp_users (email, password_hash, role) values ($1, 'of a test', 'operator') returning id, role
       )
       insert into actp_sessions (user_id, kind, role, expires_at)
       select made.id, 'api', made.role, now() + interval '1 hour' from made returning user_id as id, id as session`,
      [email],
    );
    const [made] = rows;
    if (made === undefined) throw new Error('no operator was made');
    return { actor: { kind: 'operator', email, ...made }, ...from };
  }
  const deps = {
    db: createDb(stores.env, 'gateway', 20_000),
    announce: (approval: Approval) => void announced.push(approval),
    policy: () => state.policy,
    get maxSpendPerTask() {
      return state.maxSpendPerTask;
    },
    grantSeconds: 600,
  };
  /** What the audit log says, oldest first. */
  const audited = async (actionType: string) =>
    (
      await sql.query<{ agent_id: string; status: string; result: Record<string, unknown>; ip: string }>(
        `select agent_id, status, result, host(ip_address) as ip from actp_agent_audit_log where action_type = $1 order by id`,
        [actionType],
      )
    ).rows;
  return { deps, state, announced, operator, audited, sql };
}
