import type { Db } from '@actp/db/client';
import type { Json } from '@actp/db/database-types';
import { z } from 'zod';

/** An effect outside, as an executor sees it. */
const Effect = z.object({
  id: z.uuid(),
  place: z.int(),
  kind: z.string(),
  key: z.string(),
  payload: z.record(z.string(), z.json()),
  state: z.enum(['reserved', 'done', 'not_done', 'unknown']),
  attempts: z.int(),
  reference: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  reason: z.string().nullable(),
  /** Whether the service still knows the key. */
  key_kept: z.boolean(),
});
export type Effect = z.output<typeof Effect>;

const PlannedEffect = z.object({
  kind: z.string(),
  action: z.string(),
  details: z.record(z.string(), z.json()),
  /** Of what it is for the business; the service's idempotency key, too. */
  key: z.string(),
});

/** What a task is going to do; written once. */
const TaskPlan = z.object({
  agent: z.string(),
  input: z.json(),
  facts: z.record(z.string(), z.json()),
  effects: z.array(PlannedEffect),
  at_most_minor: z.int(),
  /** What understanding the prompt has cost. */
  intent_cost_minor: z.int(),
  by: z.string(),
  note: z.string().optional(),
  /** Somebody has to say yes although it has no effect outside: the policy wants it. */
  ask: z.object({ action: z.string(), details: z.record(z.string(), z.json()) }).optional(),
});
export type TaskPlan = z.output<typeof TaskPlan>;

/** A task as an executor works on it. */
const TaskWork = z.object({
  id: z.uuid(),
  status: z.string(),
  prompt: z.string(),
  agent: z.string().nullable(),
  plan: TaskPlan.nullable(),
  max_spend_minor: z.int(),
  approval_id: z.uuid().nullable(),
  /** `user:<email>`. */
  requested_by: z.string(),
  user_id: z.uuid(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.string().nullable(),
  /** How often it was taken up since it last got on. */
  claims: z.int(),
  /** What the user has spent and reserved on this day. */
  spent_today_minor: z.int(),
  effects: z.array(Effect),
});
export type TaskWork = z.output<typeof TaskWork>;

const Claimed = z.discriminatedUnion('result', [
  z.object({ result: z.literal('claimed'), work: TaskWork }),
  z.object({ result: z.enum(['waiting', 'busy', 'later', 'over', 'not_found']) }),
]);

const Planned = z.discriminatedUnion('result', [
  z.object({ result: z.enum(['planned', 'known']), work: TaskWork }),
  z.object({ result: z.enum(['above_max_spend', 'over_budget', 'lost']) }),
]);

const Released = z.object({ result: z.string(), effect: Effect.optional() });
const Attempt = z.object({
  result: z.enum(['go', 'look_up', 'stopped', 'lost', 'settled']),
  effect: Effect.optional(),
});
const Recorded = z.object({ result: z.enum(['recorded', 'known', 'lost']), effect: Effect.optional() });

export interface EffectRelease {
  place: number;
  payload: Record<string, unknown>;
  amount_minor: number;
  key_kept_seconds: number;
}

export type EffectRecord =
  | { state: 'done'; reference: string; facts: object }
  | { state: 'not_done' | 'unknown'; reason: string }
  /** The attempt has surely not reached the service. */
  | { state: 'not_sent' };

export interface TaskEnd {
  event: 'succeed' | 'fail';
  result?: object;
  error?: string;
  error_code?: string;
  /** Who would have done it, when it ends before it was planned. */
  agent?: string;
  cost_minor: number;
  /** What a cost that nobody has reserved is counted against: what understanding the prompt has cost. */
  budget_minor?: number;
}

// Of one user at the same time, so that others get their turn.
const tasksPerUser = 4;

const json = (value: object): Json => value as unknown as Json;

/**
 * What an executor does to tasks. Every call is one SQL function; all but `claim` and `due` change nothing for an executor that has
 * lost the task meanwhile, and say so.
 *
 * @param holder names this executor, and no other that ever was
 * @param holdSeconds how long a task stays an executor's that says nothing
 */
export function createTaskStore(db: Db, holder: string, holdSeconds: number) {
  const mine = (id: string) => ({ p_id: id, p_holder: holder });
  return {
    async claim(id: string) {
      return Claimed.parse(
        await db.call((client) =>
          client.rpc('claim_task', { ...mine(id), p_seconds: holdSeconds, p_per_user: tasksPerUser }),
        ),
      );
    },
    /** Extends the hold. Returns those that are still held. */
    hold(ids: string[]): Promise<string[]> {
      return db.call((client) =>
        client.rpc('hold_tasks', { p_ids: ids, p_holder: holder, p_seconds: holdSeconds }),
      );
    },
    async plan(id: string, plan: TaskPlan, budgetMinor: number) {
      return Planned.parse(
        await db.call((client) =>
          client.rpc('plan_task', { ...mine(id), p_plan: json(plan), p_budget_minor: budgetMinor }),
        ),
      );
    },
    /** @param tool an agent has used a tool, which the audit log is to have */
    step(id: string, name: string, facts: object, tool: boolean): Promise<boolean> {
      return db.call((client) =>
        client.rpc('add_task_step', { ...mine(id), p_name: name, p_facts: json(facts), p_tool: tool }),
      );
    },
    awaitApproval(id: string, approvalId: string): Promise<boolean> {
      return db.call((client) =>
        client.rpc('await_task_approval', { ...mine(id), p_approval_id: approvalId }),
      );
    },
    /** Redeems the approval and reserves the effect: the one way to an effect outside. */
    async release(id: string, effect: EffectRelease, redeem: object) {
      return Released.parse(
        await db.call((client) =>
          client.rpc('release_effect', { ...mine(id), p_effect: json(effect), p_redeem: json(redeem) }),
        ),
      );
    },
    /** To be asked before every attempt. */
    async beginAttempt(id: string, effectId: string) {
      return Attempt.parse(
        await db.call((client) => client.rpc('begin_effect_attempt', { ...mine(id), p_effect: effectId })),
      );
    },
    async record(id: string, effectId: string, answer: EffectRecord) {
      return Recorded.parse(
        await db.call((client) =>
          client.rpc('record_effect', { ...mine(id), p_effect: effectId, p_answer: json(answer) }),
        ),
      );
    },
    delay(id: string, ms: number, reason: string): Promise<boolean> {
      return db.call((client) =>
        client.rpc('delay_task', { ...mine(id), p_milliseconds: Math.ceil(ms), p_reason: reason }),
      );
    },
    finish(id: string, end: TaskEnd): Promise<boolean> {
      return db.call((client) => client.rpc('finish_task', { ...mine(id), p_end: json(end) }));
    },
    /** Tasks that somebody has to take up now; each is named again after `againSeconds`. */
    due(limit: number, againSeconds: number): Promise<string[]> {
      return db.call((client) => client.rpc('due_tasks', { p_limit: limit, p_again_seconds: againSeconds }));
    },
  };
}
export type TaskStore = ReturnType<typeof createTaskStore>;
