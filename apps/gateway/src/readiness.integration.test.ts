import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { prefixOf, queueNames } from '@actp/shared/jobs/catalogue';
import { createWorker, type RunningWorker } from '@actp/shared/jobs/worker';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { log, openGateway, type TestGateway } from './gateway.fixture.ts';

const stores = await openStores();
const redis = await openOwnRedis();
const gateway = await openGateway(stores, redis.env);
const bot = await openGateway(stores, { ...redis.env, TELEGRAM_BOT_TOKEN: `1234567:${'x'.repeat(35)}` });

// Workers that only answer canaries; what a canary shows does not depend on their handlers.
const workers = queueNames.map((queue) =>
  createWorker({ queue, redis: redis.env, log, handlers: {} as never, concurrency: 1 }),
);
const close = (some: readonly RunningWorker[]) => Promise.all(some.map((worker) => worker.close()));
atEnd(() => close(workers));

interface Report {
  status: string;
  checks: Record<string, string>;
}

// Two seconds are promised on a machine with time; this only ends what hangs.
const generousMs = 30_000;

async function look(one: TestGateway = gateway): Promise<{ status: number; report: Report; text: string }> {
  const answer = await one.fetch('/readyz', { signal: AbortSignal.timeout(generousMs) });
  const text = await answer.text();
  expect(answer.headers.get('retry-after')).toBe(answer.status === 503 ? '2' : null);
  return { status: answer.status, report: JSON.parse(text) as Report, text };
}

/** Looks until the report is about now (one look serves a second) and says this. */
const says = (status: number, checks: Record<string, unknown>, one = gateway) =>
  eventually(
    async () => {
      const seen = await look(one);
      expect(seen).toMatchObject({ status, report: { checks } });
      return seen;
    },
    { every: 100 },
  );

const alive = async () => (await gateway.fetch('/healthz')).status;

describe('GET /readyz', () => {
  it('is 503 until the first operator can log in', async () => {
    const client = await stores.sql.connect();
    try {
      await client.query('begin');
      await client.query('lock table public.actp_users in access exclusive mode');
      const early = await openGateway(stores, redis.env);
      await says(503, { redis: 'ok', supabase: expect.stringContaining('first operator') }, early);
      await client.query('rollback');
      await says(200, { supabase: 'ok' }, early);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('is 200 when every queue is consumed; Telegram is off without a token', async () => {
    const { report } = await says(200, { redis: 'ok' });
    expect(report).toEqual({
      status: 'ready',
      checks: { redis: 'ok', supabase: 'ok', workers: 'ok', telegram: 'off', anchor: 'ok' },
    });
  });

  it('says whether somebody polls Telegram', async () => {
    await says(503, { redis: 'ok', workers: 'ok', telegram: 'Telegram is not being polled' }, bot);
    await stores.sql.query(`select acquire_lease('telegram-poller', 'test', 60)`);
    await says(200, { telegram: 'ok' }, bot);
    await stores.sql.query(`select note_telegram_refusal('-1', 'buttons', 'Bad Request: TOPIC_CLOSED')`);
    await says(503, { telegram: 'Telegram refuses messages with buttons (Bad Request: TOPIC_CLOSED)' }, bot);
    await stores.sql.query(`select note_telegram_refusal('', 'token', 'Unauthorized')`);
    const token =
      'Telegram refuses messages: TELEGRAM_BOT_TOKEN or TELEGRAM_API_ROOT is wrong (Unauthorized)';
    await says(503, { telegram: token }, bot);
    const metrics = await (await bot.fetch('/metrics')).text();
    expect(metrics).toContain('actp_telegram_refused{what="buttons",reason="Bad Request: TOPIC_CLOSED"} 1');
    expect(metrics).toContain('actp_telegram_waiting{kind="alert"} 0');
    await stores.sql.query(`select clear_telegram_refusals('', array['token'])`);
    await stores.sql.query(`select clear_telegram_refusals('-1', array['edit', 'text', 'buttons'])`);
    await says(200, { telegram: 'ok' }, bot);
    await stores.sql.query(`select release_lease('telegram-poller', 'test')`);
    await says(503, { telegram: 'Telegram is not being polled' }, bot);
  });

  it('is 200 and degraded while the anchor cannot be written, without its path', async () => {
    await stores.sql.query(`select note_anchor_problem('/var/lib/anchor.json: ENOSPC')`);
    const { text, report } = await says(200, {
      anchor: expect.stringMatching(/^degraded: the anchor cannot/),
    });
    expect(report.status).toBe('ready');
    expect(text).not.toContain('/var/lib');
    expect(await (await gateway.fetch('/metrics')).text()).toContain('actp_ready{check="anchor"} 0');
    await stores.sql.query(`select note_anchor_problem('')`);
    await says(200, { anchor: 'ok' });
  });

  it('shares one look among all who ask at that moment', async () => {
    const client = new Redis(redis.env.REDIS_URL);
    // What BullMQ numbers its jobs with.
    const counts = () => Promise.all(queueNames.map((name) => client.get(`${prefixOf(name)}:${name}:id`)));
    const before = await counts();
    const answers = await Promise.all(Array.from({ length: 200 }, () => look()));
    const after = await counts();
    client.disconnect();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // One canary for each queue and second; 200 probes take no longer than a few.
    after.forEach((count, index) => expect(Number(count) - Number(before[index])).toBeLessThanOrEqual(10));
  });

  it('is 503 and names the queues that nobody consumes', async () => {
    const lone = await openOwnRedis();
    const unserved = await openGateway(stores, lone.env);
    await says(503, { redis: 'ok', workers: `no worker answers on: ${queueNames.join(', ')}` }, unserved);
    const [first] = queueNames;
    if (!first) throw new Error('there are no queues');
    const worker = createWorker({ queue: first, redis: lone.env, log, handlers: {} as never });
    const others = queueNames.slice(1).join(', ');
    await says(503, { workers: `no worker answers on: ${others}` }, unserved);
    await worker.close();
  });

  it('[I10] is 503 while Redis is dead, and 200 again by itself', async () => {
    await redis.kill();
    await says(503, { redis: 'redis is unavailable', supabase: 'ok' });
    expect(await alive()).toBe(200);
    const metrics = await gateway.fetch('/metrics');
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).not.toMatch(/^actp_queue_jobs\{/m);
    await redis.start();
    await says(200, { redis: 'ok', workers: 'ok' });
    expect(await (await gateway.fetch('/metrics')).text()).toMatch(
      /^actp_queue_jobs\{queue="selftest",state=/m,
    );
  });

  it('[I10] is 503 while Redis hangs, without hanging itself', async () => {
    redis.hold();
    try {
      await says(503, { redis: 'redis is unavailable', supabase: 'ok' });
      expect(await alive()).toBe(200);
      expect((await gateway.fetch('/metrics', { signal: AbortSignal.timeout(generousMs) })).status).toBe(200);
    } finally {
      redis.release();
    }
    await says(200, { redis: 'ok', workers: 'ok' });
  });

  it('is 503 while Redis answers and takes no writes, and says why', async () => {
    const client = new Redis(redis.adminUrl);
    try {
      await client.config('SET', 'maxmemory', '1mb');
      await says(503, { redis: 'redis is full and takes no writes', supabase: 'ok' });
      await client.config('SET', 'maxmemory', '0');
      await says(200, { redis: 'ok' });
      await client.replicaof('127.0.0.1', 1);
      await says(503, { redis: 'redis is a replica and takes no writes', supabase: 'ok' });
      await client.replicaof('NO', 'ONE');
      await says(200, { redis: 'ok', workers: 'ok' });
    } finally {
      client.disconnect();
    }
  });

  it('shows nothing of what a server in the database’s place says', async () => {
    const secret = 'hunter2-at-10.1.2.3';
    for (const status of [200, 403, 404, 500, 502]) {
      const stranger = createServer((_request, response) => {
        response.writeHead(status, { 'content-type': 'text/html' }).end(`<h1>${secret}</h1>`);
      }).listen(0, '127.0.0.1');
      await once(stranger, 'listening');
      const { port } = stranger.address() as AddressInfo;
      const lost = await openGateway(stores, { ...redis.env, SUPABASE_URL: `http://127.0.0.1:${port}` });
      const { text, report } = await look(lost);
      expect(text).not.toContain('hunter2');
      expect(report.checks['supabase']).not.toContain(String(port));
      await lost.stop();
      stranger.closeAllConnections();
      stranger.close();
    }
  });

  // Last: this file's PostgREST does not come back.
  it('is 503 while the database is away', async () => {
    await stores.postgrest.stop(true);
    const { text } = await says(503, {
      redis: 'ok',
      supabase: 'the database is unavailable',
      workers: 'ok',
    });
    await says(503, { telegram: 'the database is unavailable' }, bot);
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|:\d{4}|redis:\/\/|password|eyJ/);
    expect(await alive()).toBe(200);
  });
});
