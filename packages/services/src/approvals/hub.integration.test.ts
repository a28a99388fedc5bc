import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { asAgent, openVerbs } from '../verbs.fixture.ts';
import { createApprovalHub } from './hub.ts';
import { requestApproval } from './request.ts';

const stores = await openStores();
const log = createLogger({ app: 'test', level: 'silent' });

/** Stands before Redis. Once armed it keeps back what Redis says to INFO, the last question before a connection is ready. */
async function openProxy(url: string) {
  const target = new URL(url);
  const way = new URL(url);
  const sockets = new Set<Socket>();
  const kept: Array<() => void> = [];
  const state = { armed: false, held: 0, subscriptions: 0 };
  const server = createServer((client) => {
    const redis = connect(Number(target.port), target.hostname);
    let holding = false;
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (data) => {
      const asked = data.toString('latin1').toLowerCase();
      if (asked.includes('subscribe')) state.subscriptions += 1;
      if (state.armed && asked.includes('\r\ninfo\r\n')) {
        holding = true;
        state.held += 1;
      }
      redis.write(data);
    });
    redis.on('data', (data) => {
      if (holding) kept.push(() => void client.write(data));
      else client.write(data);
    });
    client.on('close', () => redis.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // what a TCP server has
  way.port = String(port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  atEnd(() => {
    cut();
    server.close();
  });
  const release = () => {
    for (const send of kept.splice(0)) send();
  };
  return { url: way.href, state, kept, cut, release };
}

// An error that nobody hears ends an app before it has written what it still holds; the test run fails on one as well.
it('[I4] can be closed while its connection to Redis comes back', async () => {
  const proxy = await openProxy(stores.env.REDIS_URL ?? '');
  const hub = createApprovalHub({
    db: createDb(stores.env, 'gateway'),
    redis: { REDIS_URL: proxy.url, REDIS_CLUSTER_NODES: [] },
    log,
  });
  await eventually(() => proxy.state.subscriptions === 1);
  proxy.state.armed = true;
  proxy.cut();
  // Both its connections: the one that listens and the one that announces.
  await eventually(() => proxy.state.held >= 2 && proxy.kept.length >= 2);
  hub.close();
  proxy.release();
  await delay(100);
  expect(proxy.state.subscriptions).toBe(1);
});

it('tells who waits for an approval once that it has expired, before that is written down', async () => {
  const { deps } = await openVerbs(stores);
  const hub = createApprovalHub({ db: deps.db, redis: stores.env, log });
  atEnd(() => {
    hub.close();
  });
  const { id } = await requestApproval(
    deps,
    {
      ...{ action: 'pay', details: {}, requested_by: 'buyer', reason: null, ttl_seconds: 600 },
      ...{ chat_id: null, callback_url: null, idempotency: null },
    },
    asAgent(),
  );
  const follower = hub.follow(id);
  for (let look = 0; look < 2; look += 1)
    expect(await follower.look()).toMatchObject({ status: 'pending', version: 1 });
  await stores.sql.query(
    `update actp_approval_queue set created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' where id = $1`,
    [id],
  );
  expect(await follower.changed(new AbortController().signal)).toBe(true);
  expect(await follower.look()).toMatchObject({ status: 'expired', version: 1 });
  expect(await follower.changed(AbortSignal.timeout(700))).toBe(false);
  // Whoever has seen an older version hears of the next one.
  const late = hub.follow(id);
  expect(await late.look()).toMatchObject({ status: 'expired', version: 1 });
});
