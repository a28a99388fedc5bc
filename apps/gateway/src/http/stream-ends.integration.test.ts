import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { approvalCalls, ask } from '../approvals/approvals.fixture.ts';
import { json, openGateway, personSession } from '../gateway.fixture.ts';
import { taskCalls } from '../tasks/tasks.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const { asOperator, create, decide, post } = await approvalCalls(gateway);
const { store, user, withUnknownEffect } = taskCalls(gateway, stores);
const alice = await user();

// Only to end what never ends by itself, or only when nobody waits any more.
const atMost = () => AbortSignal.timeout(20_000);

/** The names of all events, of a stream that was begun before the first of them or after the last. */
async function eventsOf(path: string, headers: Record<string, string> = {}): Promise<string[]> {
  const answer = await gateway.fetch(`${path}/events`, { headers, signal: atMost() });
  return [...(await answer.text()).matchAll(/^event: (.*)$/gm)].map(([, name]) => String(name));
}

const sweep = (afterSeconds = 86_400) => stores.sql.query('select expire_approvals(100, $1)', [afterSeconds]);

describe('a stream of an approval ends with what is its last event', () => {
  it.each<[last: string, (id: string, approval: Parameters<typeof decide>[0]) => Promise<unknown>]>([
    ['rejected', (_id, approval) => decide(approval, 'rejected')],
    ['cancelled', (id) => post(id, 'cancel', {})],
    [
      'lapsed',
      async (id, approval) => {
        await decide(approval);
        await stores.sql.query(
          `update actp_approval_queue set decided_at = decided_at - interval '601 seconds' where id = $1`,
          [id],
        );
        await sweep();
      },
    ],
    [
      'failed',
      async (id, approval) => {
        await decide(approval);
        await post(id, 'redeem', ask);
        await post(id, 'outcome', { status: 'failed' });
      },
    ],
    [
      'unknown',
      async (id, approval) => {
        await decide(approval);
        await post(id, 'redeem', ask);
        await sweep(0);
      },
    ],
  ])('%s', async (last, end) => {
    const { body } = await create();
    const begun = eventsOf(`/v1/approvals/${body.id}`);
    await end(body.id, body);
    expect((await begun).at(-1)).toBe(last);
    expect((await eventsOf(`/v1/approvals/${body.id}`)).at(-1)).toBe(last);
  });
});

describe('[TASK-004] a stream of a task ends with what is its last event', () => {
  const rejected = async (id: string) => {
    await store.claim(id);
    const { rows } = await stores.sql.query<{ id: string }>(
      `insert into actp_approval_queue (action, details, requested_by, status, decided_at, decided_by)
       values ('email.send', '{}', 'communication', 'rejected', now(), 'operator:op@example.com') returning id`,
    );
    await stores.sql.query(
      `update actp_tasks set status = 'awaiting_approval', approval_id = $2, holder = null, held_until = null where id = $1`,
      [id, rows[0]?.id],
    );
    await store.claim(id);
  };
  const resolved = async (id: string) => {
    const effect = await withUnknownEffect(id);
    const path = `/v1/tasks/${id}/effects/${effect}/resolution`;
    await gateway.fetch(path, json({ happened: false }, asOperator));
  };

  it.each<[last: string, (id: string) => Promise<unknown>]>([
    [
      'succeed',
      async (id) => {
        await store.claim(id);
        await store.finish(id, { event: 'succeed', result: { text: 'done' }, cost_minor: 0 });
      },
    ],
    ['cancel', (id) => alice.cancel(id)],
    ['reject', rejected],
    ['effect_resolved', resolved],
  ])('%s', async (last, end) => {
    const id = await alice.ask('Research birds');
    await end(id);
    expect((await eventsOf(`/v1/tasks/${id}`, alice.headers)).at(-1)).toBe(last);
  });
});

describe('[TRU-003] what is still being answered ends with the session of who asked', () => {
  const taskOf = async () => {
    const person = await user();
    return { path: `/v1/tasks/${await person.ask('Research birds')}`, headers: person.headers };
  };
  const approvalOf = async () => {
    const { token } = await personSession(stores, { email: 'who-waits@example.com', role: 'operator' });
    return {
      path: `/v1/approvals/${(await create()).body.id}`,
      headers: { authorization: `Bearer ${token}` },
    };
  };

  it.each([
    ['a task', taskOf],
    ['an approval', approvalOf],
  ])('a wait for %s', async (_what, asked) => {
    const { path, headers } = await asked();
    const answer = gateway.fetch(path, { headers: { ...headers, prefer: 'wait=55' }, signal: atMost() });
    // Asked later, and answered already when the session ends.
    const stream = await gateway.fetch(`${path}/events`, { headers, signal: atMost() });
    await stream.body?.getReader().read();
    await gateway.fetch('/v1/auth/logout', json({}, headers));
    expect((await answer).status).toBe(401);
    expect(await (await answer).json()).toMatchObject({ detail: 'the session has ended' });
  });

  it('a stream of a task', async () => {
    const { path, headers } = await taskOf();
    const answer = await gateway.fetch(`${path}/events`, { headers, signal: atMost() });
    await gateway.fetch('/v1/auth/logout', json({}, headers));
    expect(await answer.text()).toContain('event: created');
  });
});
