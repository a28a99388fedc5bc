import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { parseConfig } from '@actp/shared/config';
import { redisShape } from '@actp/shared/redis';
import { eventually } from '@actp/testing/eventually';
import { openRedisCluster } from '@actp/testing/redis-cluster';
import { cutLink, isFollowing, mendLink } from '@actp/testing/redis-server';
import { openStores } from '@actp/testing/stores';
import { auditHandlers } from './audit/audit.fixture.ts';
import { json, openGateway, openWorker } from './gateway.fixture.ts';

const stores = await openStores();
const cluster = await openRedisCluster({ primaries: 1, replicas: 1 });
const [primary] = cluster.primaries;
const [replica] = cluster.replicas;
if (primary === undefined || replica === undefined) throw new Error('a cluster of two');
const redis = parseConfig(redisShape, { REDIS_CLUSTER_NODES: cluster.nodes });
const gateway = await openGateway(stores, redis);

const event = (id: string) => ({
  event_id: id,
  agent_id: 'replicas',
  action_type: 'ads.deploy',
  status: 'ok',
});
const send = (id: string) => gateway.fetch('/v1/audit/events', json(event(id)));
const ids = (count: number) => Array.from({ length: count }, () => randomUUID());

async function recorded(wanted: readonly string[]): Promise<number> {
  const { rowCount } = await stores.sql.query(
    'select from actp_agent_audit_log where event_id = any($1::uuid[])',
    [wanted],
  );
  return rowCount ?? 0;
}

describe('what the gateway acknowledges on a cluster', () => {
  it('is there after a failover to a replica that was cut off; meanwhile callers hear 503', async () => {
    await eventually(async () => (await send(randomUUID())).status === 202);
    const kept = ids(45);
    for (const answer of await Promise.all(kept.map(send))) expect(answer.status).toBe(202);

    await cutLink(primary, replica);
    const refused = ids(45);
    for (const answer of await Promise.all(refused.map(send))) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({
        detail: expect.stringContaining('too few replicas') as string,
      });
    }
    const job = await gateway.fetch('/v1/jobs/selftest', json({}, { 'idempotency-key': 'one' }));
    expect(job.status).toBe(503);
    const readiness = (await (await gateway.fetch('/readyz')).json()) as { checks: { redis: string } };
    expect(readiness.checks.redis).toContain('too few replicas');
    // A decision is answered when it is a row: it needs no queue.
    const decision = await gateway.fetch('/v1/guard', json({ action: 'replicas.try', details: {} }));
    expect(decision.status).toBe(200);
    const { rowCount } = await stores.sql.query(
      `select from actp_agent_audit_log where request_id = $1 and action_type = 'guard.decide'`,
      [decision.headers.get('x-request-id')],
    );
    expect(rowCount).toBe(1);

    await primary.kill();
    await replica.admin.call('cluster', 'failover', 'takeover');
    await mendLink(replica);
    await primary.start();
    await eventually(() => isFollowing(primary));
    // The same request again is the same event, whether the first one was kept or not.
    for (const id of refused) await eventually(async () => (await send(id)).status === 202);
    openWorker({ env: redis }, 'audit', auditHandlers(createDb(stores.env, 'auditor', 20_000)));
    await eventually(async () => (await recorded(kept)) === kept.length);
    await eventually(async () => (await recorded(refused)) === refused.length);
  });
});
