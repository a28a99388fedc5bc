import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type pg from 'pg';
import { context, digest, payload, withOperators } from '../approvals/approvals.fixture.ts';

export const operator = 'operator:op@example.com';

export interface Owner {
  id: string;
  email: string;
  session: string;
}
interface Answer {
  result: string;
  task?: { id: string };
  effect?: Effect;
  work?: Record<string, unknown>;
}
export interface Effect {
  id: string;
  state: string;
  attempts: number;
}
export interface Row {
  id: string;
  status: string;
  error_code: string | null;
  error: string | null;
  approval_id: string;
  holder: string | null;
  claims: number;
  cost_minor: string | null;
  /** From now on, in minutes. */
  due: number;
}

/** The functions about tasks as an executor calls them, straight. */
export function taskCalls(sql: pg.Pool) {
  const operators = withOperators(sql);
  const run = async <T = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<T[]> => {
    const { rows } = await sql.query(text, values);
    return rows as T[];
  };
  const call = async <T = Answer>(text: string, ...values: unknown[]): Promise<T> => {
    const [row] = await run<{ answer: T }>(`select ${text} as answer`, ...values);
    if (!row) throw new Error('a function always answers');
    return row.answer;
  };

  async function owner(role = 'user'): Promise<Owner> {
    const email = `${randomUUID()}@example.com`;
    const [user] = await run<{ id: string }>(
      `insert into actp_users (email, password_hash, role) values ($1, 'x', $2) returning id`,
      email,
      role,
    );
    const id = user?.id ?? '';
    return { id, email, session: await call<string>(`open_session($1, 'x', 'api', 1, '{}')`, id) };
  }
  /** One that is due; of a user of its own unless it says of whom. */
  async function task(of?: Owner): Promise<string> {
    const [row] = await run<{ id: string }>(
      `insert into actp_tasks (user_id, prompt, max_spend_minor) values ($1, 'pay', 1000) returning id`,
      (of ?? (await owner())).id,
    );
    return row?.id ?? '';
  }
  const rowOf = async (id: string): Promise<Row> => {
    const [row] = await run<Row>(
      `select *, round(extract(epoch from due_at - clock_timestamp()) / 60)::int as due from actp_tasks where id = $1`,
      id,
    );
    if (!row) throw new Error('gone');
    return row;
  };
  const stepsOf = async (id: string) =>
    (
      await run<{ name: string }>('select name from actp_task_steps where task_id = $1 order by version', id)
    ).map(({ name }) => name);
  const claim = (id: string, holder = 'one', seconds: number | null = 600, perUser = 5) =>
    call('claim_task($1, $2, $3, $4)', id, holder, seconds, perUser);
  async function claimed(of?: Owner): Promise<string> {
    const id = await task(of);
    expect((await claim(id)).result).toBe('claimed');
    return id;
  }
  const planned = (id: string, effects: number, over: object = {}) => ({
    ...{ agent: 'purchase', input: {}, at_most_minor: 500, intent_cost_minor: 0, by: 'sentences' },
    effects: Array.from({ length: effects }, (_, place) => ({
      ...{ kind: 'payment', action: 'payment.purchase', key: `actp-key-${place}-of-${id}` },
    })),
    ...over,
  });
  const plan = (id: string, over: object = {}, { effects = 1, budget = 100_000, holder = 'one' } = {}) =>
    call('plan_task($1, $2, $3, $4)', id, holder, planned(id, effects, over), budget);
  async function ask(id: string): Promise<string> {
    await operators();
    const request = {
      ...{ action: 'payment.purchase', details: {}, requested_by: 'user:u@example.com', ttl_seconds: 3_600 },
      ...{ grant_seconds: 600, action_digest: digest, payload_digest: payload },
    };
    const asked = await call<{ approval: { id: string } }>('request_approval($1, $2)', request, {
      agent_id: 'purchase',
      source: 'plane',
    });
    expect(await call<boolean>(`await_task_approval($1, 'one', $2)`, id, asked.approval.id)).toBe(true);
    return asked.approval.id;
  }
  const decide = (approval: string, decision = 'approved') =>
    call('decide_approval($1, $2, $3, $4, null, null, $5)', approval, decision, digest, operator, context);

  /** Planned, approved, and held by `one`. */
  async function approved(more: { effects?: number; over?: object; of?: Owner } = {}): Promise<string> {
    const id = await claimed(more.of);
    expect((await plan(id, more.over, { effects: more.effects ?? 1 })).result).toBe('planned');
    await decide(await ask(id));
    expect((await claim(id)).result).toBe('claimed');
    return id;
  }
  const release = (id: string, over: object = {}, holder = 'one') =>
    call(
      'release_effect($1, $2, $3, $4)',
      id,
      holder,
      { place: 0, payload: { n: 1 }, amount_minor: 500, key_kept_seconds: 60, ...over },
      { payload_digest: payload },
    );
  async function released(more: { over?: object; sent?: boolean; of?: Owner } = {}) {
    const id = await approved(more);
    const { result, effect } = await release(id);
    expect(result).toBe('reserved');
    if (!effect) throw new Error('it was reserved');
    if (more.sent !== false) expect((await attempt(id, effect.id)).result).toBe('go');
    return { id, effect: effect.id };
  }
  const attempt = (id: string, effect: string, holder = 'one') =>
    call('begin_effect_attempt($1, $2, $3)', id, holder, effect);
  const record = (id: string, effect: string, answer: object, holder = 'one') =>
    call('record_effect($1, $2, $3, $4)', id, holder, effect, answer);
  const finish = (id: string, end: object, holder = 'one') =>
    call<boolean>('finish_task($1, $2, $3)', id, holder, end);
  /** The hold has run out: whoever held it has lost it. */
  const lose = (id: string) =>
    run(`update actp_tasks set held_until = clock_timestamp() - interval '1 second' where id = $1`, id);
  const effectOf = async (id: string) => {
    const [row] = await run<Effect & Record<string, unknown>>(
      'select * from actp_task_effects where id = $1',
      id,
    );
    return row;
  };
  const spendOf = async (id: string) => {
    const [row] = await run<{ reserved: number; spent: number }>(
      `select d.reserved_minor::int as reserved, d.spent_minor::int as spent
       from actp_daily_spend d join actp_tasks t on t.user_id = d.user_id where t.id = $1`,
      id,
    );
    return row ?? { reserved: 0, spent: 0 };
  };
  return {
    ...{ run, call, operators, owner, task, rowOf, stepsOf, claim, claimed, plan, ask, decide, approved },
    ...{ release, released, attempt, record, finish, lose, effectOf, spendOf },
  };
}
