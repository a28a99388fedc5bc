import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { prefixOf } from '@actp/shared/jobs/catalogue';
import { createProducer } from '@actp/shared/jobs/producer';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { json, log, openGateway, type TestGateway } from './gateway.fixture.ts';

const stores = await openStores();
const redis = await openOwnRedis();
const gateway = await openGateway(stores, redis.env);
const producer = createProducer({ redis: redis.env, log });
atEnd(() => producer.close());

// Two seconds is what is promised on a machine with time; this only ends what hangs.
const generousMs = 30_000;
// Ten seconds are promised on a machine with time; this only ends what hangs.
const backWithinMs = 120_000;

const trigger = (one: TestGateway = gateway, key?: string) =>
  one.fetch('/v1/jobs/selftest', {
    ...json({}, key === undefined ? {} : { 'idempotency-key': key }),
    signal: AbortSignal.timeout(generousMs),
  });

async function jobId(answer: Response): Promise<string> {
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { job_id: string }).job_id;
}

async function expectUnavailable(answer: Response): Promise<void> {
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ code: 'unavailable', detail: 'redis is unavailable' });
}

const waiting = () => producer.use('selftest', (queue) => queue.getWaitingCount());
const back = (one = gateway) =>
  eventually(async () => (await trigger(one)).status === 202, { within: backWithinMs });

describe('POST /v1/jobs/{queue}', () => {
  it.each([1_000, 3_000])(
    '[I4] [I10] answers 503 while Redis is dead for %i ms, loses nothing and works again by itself',
    async (ms) => {
      const kept = await jobId(await trigger());
      const before = await eventually(waiting);
      await redis.kill();
      const dead = delay(ms);
      for (let i = 0; i < 5; i += 1) await expectUnavailable(await trigger());
      await expectUnavailable(await gateway.fetch(`/v1/jobs/selftest/${kept}`));
      await expectUnavailable(await gateway.fetch('/v1/schedules'));
      await dead;
      await redis.start();
      // What was acknowledged is there, and what was refused is not.
      expect(await eventually(waiting, { within: backWithinMs })).toBe(before);
      await back();
      expect((await gateway.fetch(`/v1/jobs/selftest/${kept}`)).status).toBe(200);
    },
  );

  it('[I4] answers 503 while Redis hangs', async () => {
    redis.hold();
    try {
      await expectUnavailable(await trigger());
      await expectUnavailable(await trigger(gateway, 'a-key-while-it-hangs'));
    } finally {
      redis.release();
    }
    await back();
  });

  it('[I10] starts without Redis, answers 503, and works as soon as it is there', async () => {
    const late = await openOwnRedis({ started: false });
    const early = await openGateway(stores, late.env);
    expect((await early.fetch('/healthz')).status).toBe(200);
    await expectUnavailable(await trigger(early));
    await late.start();
    await back(early);
    expect((await early.fetch('/metrics')).status).toBe(200);
  });

  it('goes on when somebody empties Redis', async () => {
    const lost = await jobId(await trigger());
    const client = new Redis(redis.adminUrl);
    await client.flushall();
    await client.script('FLUSH');
    client.disconnect();
    expect((await gateway.fetch(`/v1/jobs/selftest/${lost}`)).status).toBe(404);
    const made = await jobId(await trigger());
    expect((await gateway.fetch(`/v1/jobs/selftest/${made}`)).status).toBe(200);
  });

  it('answers 422 when another job stands under the Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'one-key' };
    const send = () => gateway.fetch('/v1/jobs/selftest', json({}, key));
    const id = await jobId(await send());
    expect(await jobId(await send())).toBe(id);
    // All that HTTP can ask of this queue today is one and the same job, so another way puts a different one there.
    await producer.use('selftest', async (queue) => (await queue.getJob(id))?.remove());
    await producer.add('run-self-test', { trigger: 'nightly' }, { jobId: id });
    const answer = await send();
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'idempotency_mismatch',
      errors: [{ field: 'Idempotency-Key' }],
    });
    const { data } = (await producer.use('selftest', (queue) => queue.getJob(id))) ?? {};
    expect(data).toEqual({ trigger: 'nightly' });
  });

  it('keeps nothing of a caller in Redis but the job: no key, no credential', async () => {
    const id = await jobId(await trigger(gateway, 'caller-chosen-key'));
    const client = new Redis(redis.env.REDIS_URL);
    const stored = await client.hgetall(`${prefixOf('selftest')}:selftest:${id}`);
    client.disconnect();
    expect(JSON.parse(stored['data'] ?? '')).toEqual({ trigger: 'http' });
    expect(JSON.stringify(stored) + id).not.toContain('caller-chosen-key');
  });
});
