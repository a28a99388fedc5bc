import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { auditHandlers } from '../audit/audit.fixture.ts';
import { json, openGateway, openWorker } from '../gateway.fixture.ts';

const stores = await openStores();
const redis = await openOwnRedis();
const gateway = await openGateway(stores, redis.env);

/** Decides once Redis is there, and gives the request's id. */
const decide = (action: string) =>
  eventually(async () => {
    const answer = await gateway.fetch('/v1/guard', json({ action, details: {} }));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ effect: 'allow' });
    return answer.headers.get('x-request-id') ?? false;
  });
const recorded = async (requestId: string) => {
  const { rowCount } = await stores.sql.query(
    `select from actp_agent_audit_log where request_id = $1 and action_type = 'guard.decide'`,
    [requestId],
  );
  return rowCount === 1;
};

describe('a decision of the guard that was answered', () => {
  it('is a row of the audit log when Redis keeps nothing on disk', async () => {
    const forgetful = await openOwnRedis({ appendOnly: false });
    const other = await openGateway(stores, forgetful.env);
    for (const action of ['forgetful.first', 'forgetful.second']) {
      const answer = await other.fetch('/v1/guard', json({ action, details: {} }));
      expect(answer.status).toBe(200);
      expect(await recorded(answer.headers.get('x-request-id') ?? '')).toBe(true);
    }
  });

  it('is one as well when Redis says that it syncs later', async () => {
    const late = await openOwnRedis();
    const client = new Redis(late.adminUrl);
    await client.config('SET', 'appendfsync', 'everysec');
    client.disconnect();
    const other = await openGateway(stores, { ...late.env, REDIS_URL: late.adminUrl });
    const answer = await other.fetch('/v1/guard', json({ action: 'late.first', details: {} }));
    expect(answer.status).toBe(200);
    expect(await recorded(answer.headers.get('x-request-id') ?? '')).toBe(true);
  });

  it('is there whatever happens to Redis: killed, emptied by its own user, away', async () => {
    const before = await decide('durable.first');
    await redis.kill();
    // Without Redis it is a row before it is answered.
    const without = await decide('durable.second');
    expect(await recorded(without)).toBe(true);
    await redis.start();

    const client = new Redis(redis.env.REDIS_URL);
    await expect(client.flushall()).rejects.toThrow(/NOPERM/);
    await expect(client.flushdb()).rejects.toThrow(/NOPERM/);
    await expect(client.eval("return redis.call('flushall')", 0)).rejects.toThrow(/./);
    client.disconnect();
    expect(await recorded(before)).toBe(false); // only Redis has it: nobody writes events in this test
    const after = await decide('durable.third');
    await redis.kill();
    await redis.start();

    openWorker(redis, 'audit', auditHandlers(createDb(stores.env, 'auditor', 20_000)));
    for (const id of [before, without, after]) await eventually(() => recorded(id));
  });
});
