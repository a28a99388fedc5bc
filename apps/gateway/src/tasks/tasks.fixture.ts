import { createTaskStore } from '@actp/services/tasks/task-store';
import { createDb } from '@actp/db/client';
import type { Stores } from '@actp/testing/stores';
import { json, personSession, type TestGateway } from '../gateway.fixture.ts';

/** Users with their tasks, and what an executor does to a task, step by step. */
export function taskCalls(gateway: TestGateway, stores: Stores) {
  const store = createTaskStore(createDb(stores.env, 'executor', 20_000), 'executor-of-a-test', 600);
  let users = 0;
  return {
    store,
    async user() {
      users += 1;
      const email = `user-${users}-${stores.env.DATABASE_URL.slice(-6)}@example.com`;
      const { id, token } = await personSession(stores, { email });
      const headers = { authorization: `Bearer ${token}` };
      const create = (body: unknown, more: Record<string, string> = {}) =>
        gateway.fetch('/v1/tasks', json(body, { ...headers, ...more }));
      return {
        id,
        email,
        headers,
        create,
        async ask(prompt: string): Promise<string> {
          const answer = await create({ prompt });
          return ((await answer.json()) as { id: string }).id;
        },
        read: (id: string, more: Record<string, string> = {}) =>
          gateway.fetch(`/v1/tasks/${id}`, { headers: { ...headers, ...more } }),
        cancel: (id: string) => gateway.fetch(`/v1/tasks/${id}/cancel`, { method: 'POST', headers }),
      };
    },
    /** A task with an effect of which nobody knows whether it happened. */
    async withUnknownEffect(id: string): Promise<string> {
      await store.claim(id);
      const details = { to: 'a@example.com' };
      await store.plan(
        id,
        {
          agent: 'communication',
          input: {},
          facts: {},
          effects: [{ kind: 'email', action: 'email.send', details, key: `actp-key-of-${id}` }],
          at_most_minor: 0,
          intent_cost_minor: 0,
          by: 'sentences',
        },
        0,
      );
      const { rows } = await stores.sql.query<{ id: string }>(
        `insert into actp_approval_queue (action, details, requested_by, status, redeemed_at, decided_at, decided_by, grant_id, redeemed_by)
         values ('email.send', '{}', 'communication', 'approved', now(), now(), 'operator:op@example.com', gen_random_uuid(), 'communication') returning id`,
      );
      const approval = rows[0]?.id ?? '';
      const effect = await stores.sql.query<{ id: string }>(
        `insert into actp_task_effects
           (task_id, place, kind, action, key, payload, approval_id, grant_id, key_kept_seconds, attempts, first_attempt_at)
         values ($1, 0, 'email', 'email.send', $2, '{}', $3, gen_random_uuid(), 60, 1, now()) returning id`,
        [id, `actp-key-of-${id}`, approval],
      );
      const effectId = effect.rows[0]?.id ?? '';
      await store.record(id, effectId, { state: 'unknown', reason: 'no answer' });
      await store.finish(id, {
        event: 'fail',
        error: 'no answer',
        error_code: 'effect_unknown',
        cost_minor: 0,
      });
      return effectId;
    },
  };
}
