import { randomUUID } from 'node:crypto';
import { createDb } from '@actp/db/client';
import { payloadDigest } from '@actp/shared/approvals/digest';
import type { Stores } from '@actp/testing/stores';
import { createTaskStore, type TaskPlan } from './task-store.ts';

const payload = { action: 'payment.purchase', details: { amount_usd: 5, to: 'bitcoin' } };
export const release = { place: 0, payload: { amount_minor: 500 }, amount_minor: 500, key_kept_seconds: 60 };
export const redeem = {
  payload_digest: payloadDigest(payload),
  policy: { version: 'of-a-test', denied: null, critical: false, approvers: 1 },
};

export const planOf = (id: string, over: Partial<TaskPlan> = {}): TaskPlan => ({
  agent: 'purchase',
  input: {},
  facts: {},
  effects: [{ kind: 'payment', ...payload, key: `actp-key-of-${id}` }],
  at_most_minor: 500,
  intent_cost_minor: 0,
  by: 'sentences',
  ...over,
});

/** Executors, and tasks for them, each of a new user; an operator approves. */
export async function openTasks(stores: Stores) {
  const { sql } = stores;
  const executor = (name = `executor-${randomUUID()}`) =>
    createTaskStore(createDb(stores.env, 'executor', 20_000), name, 600);
  await sql.query(
    `insert into actp_users (email, password_hash, role) values ('op@example.com', 'of a test', 'operator')`,
  );
  /** A task of a new user, so that no other one of theirs is being worked on. */
  async function task(): Promise<string> {
    const { rows } = await sql.query<{ id: string }>(
      `with u as (insert into actp_users (email, password_hash) values ($1, 'of a test') returning id)
       insert into actp_tasks (user_id, prompt, max_spend_minor) select id, 'pay', 1000 from u returning id`,
      [`${randomUUID()}@example.com`],
    );
    return rows[0]?.id ?? '';
  }

  /** A task whose approval was given, held by the executor. */
  async function approved(store = executor()): Promise<string> {
    const id = await task();
    await store.claim(id);
    await store.plan(id, planOf(id), 1_000_000);
    const { rows } = await sql.query<{ asked: { approval: { id: string; action_digest: string } } }>(
      'select request_approval($1, $2) as asked',
      [
        {
          ...payload,
          requested_by: 'user:user@example.com',
          reason: null,
          ttl_seconds: 600,
          grant_seconds: 600,
          chat_id: null,
          callback_url: null,
          critical: false,
          approvers: 1,
          action_digest: 'a'.repeat(64),
          payload_digest: redeem.payload_digest,
          policy_version: 'of-a-test',
        },
        { agent_id: 'purchase', source: 'plane', ip: '127.0.0.1' },
      ],
    );
    const approval = rows[0]?.asked.approval.id ?? '';
    await store.awaitApproval(id, approval);
    await sql.query(
      `select decide_approval($1, 'approved', $2, 'operator:op@example.com', null, null, '{}')`,
      [approval, 'a'.repeat(64)],
    );
    await store.claim(id);
    return id;
  }
  return { executor, task, approved };
}
