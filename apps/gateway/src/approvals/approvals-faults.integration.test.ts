import { createServer, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { openGateway } from '../gateway.fixture.ts';
import { approvalCalls, ask } from './approvals.fixture.ts';

const stores = await openStores();

/** The database behind a door that can be shut, or can swallow answers after the work was done. */
async function openDoor(target: string) {
  let state: 'open' | 'shut' | 'swallow' = 'open';
  const server = createServer((incoming, outgoing) => {
    if (state === 'shut') {
      outgoing.destroy();
      return;
    }
    const swallow = state === 'swallow' && incoming.method === 'POST';
    const url = new URL(incoming.url ?? '/', target);
    const passed = httpRequest(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
      if (swallow) {
        answer.resume();
        answer.on('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next: typeof state) {
      state = next;
    },
  };
}

const door = await openDoor(stores.env.SUPABASE_URL);
const redis = await openOwnRedis();
const gateway = await openGateway(stores, { ...redis.env, SUPABASE_URL: door.url });
const { create, post, decide } = await approvalCalls(gateway);
const read = async (id: string) => (await gateway.fetch(`/v1/approvals/${id}`)).json();

describe('approvals while a part is away', () => {
  it('can be asked for, waited for, decided, redeemed and expire without Redis', async () => {
    await redis.kill();
    const { status, body: asked } = await create();
    expect(status).toBe(201);
    const waiting = gateway.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer: 'wait=30' } });
    expect((await decide(asked)).status).toBe(200);
    expect(await (await waiting).json()).toMatchObject({ status: 'approved' });
    expect((await post(asked.id, 'redeem', ask)).status).toBe(200);

    const short = await create({ ...ask, ttl_seconds: 1 });
    const expired = await gateway.fetch(`/v1/approvals/${short.body.id}`, { headers: { prefer: 'wait=20' } });
    expect(await expired.json()).toMatchObject({ status: 'expired' });
    await redis.start();
  });

  it('hears of a decision that another gateway took, with Redis and without', async () => {
    const other = await openGateway(stores, redis.env);
    const elsewhere = await approvalCalls(other);
    for (const away of [false, true]) {
      if (away) await redis.kill();
      const { body: asked } = await create();
      const waiting = gateway.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer: 'wait=30' } });
      await elsewhere.decide(asked, 'rejected');
      expect(await (await waiting).json()).toMatchObject({ status: 'rejected' });
      if (away) await redis.start();
    }
  });

  it('[I4] says 503 and releases nothing without the database', async () => {
    const { body: asked } = await create();
    const { body: approved } = await create();
    await decide(approved);
    door.set('shut');
    for (const answer of [
      await create(),
      await decide(asked),
      await post(approved.id, 'redeem', ask),
      await post(approved.id, 'cancel', {}),
    ]) {
      expect(answer.status).toBe(503);
    }
    const waited = await gateway.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer: 'wait=30' } });
    expect(waited.status).toBe(503);
    expect(Number(waited.headers.get('retry-after'))).toBeGreaterThan(0);
    door.set('open');
    expect(await read(asked.id)).toMatchObject({ status: 'pending' });
    expect(await read(approved.id)).toMatchObject({ status: 'approved', redeemed_at: null });
    expect((await post(approved.id, 'redeem', ask)).status).toBe(200);
  });

  it('makes one row when the answer of a commit was lost and the agent asks again', async () => {
    const key = { 'idempotency-key': 'lost-answer' };
    door.set('swallow');
    expect((await create(ask, key)).status).toBe(503);
    door.set('open');
    const again = await create(ask, key);
    expect(again.status).toBe(201);
    const { rows } = await stores.sql.query(
      `select id from actp_approval_queue where idempotency_key = 'lost-answer'`,
    );
    expect(rows).toEqual([{ id: again.body.id }]);
  });

  it('[I5] never hands a grant out twice, also when its answer was lost', async () => {
    const { body: asked } = await create();
    await decide(asked);
    door.set('swallow');
    expect((await post(asked.id, 'redeem', ask)).status).toBe(503);
    door.set('open');
    expect((await post(asked.id, 'redeem', ask)).status).toBe(409);
    expect(await read(asked.id)).toMatchObject({ redeemed_at: expect.any(String), outcome: null });
  });

  it('ends who waits when the gateway stops', async () => {
    const short = await openGateway(stores, redis.env);
    const { create: make } = await approvalCalls(short);
    const { body: asked } = await make();
    const waiting = short.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer: 'wait=55' } });
    const stream = short.fetch(`/v1/approvals/${asked.id}/events`);
    await stream; // its head is there, so it follows
    await eventually(async () => (await short.fetch('/healthz')).status === 200);
    await short.stop();
    expect(await (await waiting).json()).toMatchObject({ status: 'pending' });
    expect(await (await stream).text()).toContain('event: pending');
  });
});

describe('many who wait', () => {
  it('answers five hundred waiters of one gateway without a question each', async () => {
    const approvals: Array<Awaited<ReturnType<typeof create>>> = [];
    // Some at a time: a busy machine has to answer each of them within two seconds.
    while (approvals.length < 100) {
      approvals.push(...(await Promise.all(Array.from({ length: 5 }, () => create()))));
    }
    const ended = async (id: string): Promise<string> => {
      const answer = await gateway.fetch(`/v1/approvals/${id}`, { headers: { prefer: 'wait=50' } });
      const { status } = (await answer.json()) as { status: string };
      // As a client does, where deciding a hundred takes longer than one may wait.
      return status === 'pending' ? ended(id) : status;
    };
    const waiting = approvals.flatMap(({ body }) => Array.from({ length: 5 }, () => ended(body.id)));
    for (const { body } of approvals) expect((await decide(body)).status).toBe(200);
    const answers = await Promise.all(waiting);
    expect(new Set(answers)).toEqual(new Set(['approved']));
    // Nothing is kept of those who left.
    const gone = new AbortController();
    const { body: asked } = await create();
    const abandoned = gateway.fetch(`/v1/approvals/${asked.id}`, {
      headers: { prefer: 'wait=50' },
      signal: gone.signal,
    });
    gone.abort();
    await expect(abandoned).rejects.toThrow();
  });
});
