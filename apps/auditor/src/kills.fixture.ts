import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { verifyAuditLog } from '@actp/db/audit/verify-log';
import { createDb } from '@actp/db/client';
import { ownPort } from '@actp/testing/own-port';
import { eventually } from '@actp/testing/eventually';
import { keepRunning } from '@actp/testing/keep-running';
import type { OwnRedis } from '@actp/testing/own-redis';
import type { Stores } from '@actp/testing/stores';

const secret = 'current-secret-of-the-tests-0123456789';

/**
 * Sends events while the auditor, the gateway and Redis are killed again and again, as an agent would: what is not
 * acknowledged is sent again under its id.
 *
 * @param options.count of events at least, in batches of `options.batch`; and until there were `options.kills`
 */
export async function sendThroughKills(
  { stores, redis, dataDir }: { stores: Stores; redis: OwnRedis; dataDir: string },
  options: { count: number; batch: number; everyMs: number; kills: number },
): Promise<{ kills: number; refused: number }> {
  const port = await ownPort();
  const env = {
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
    SUPABASE_URL: stores.env.SUPABASE_URL,
    SUPABASE_SERVICE_ROLE_KEY: stores.env.SUPABASE_SERVICE_ROLE_KEY,
    DATABASE_APP_KEY: stores.env.DATABASE_APP_KEY,
    REDIS_URL: redis.env.REDIS_URL,
    ACTP_DATA_DIR: dataDir,
    ACTP_ANCHOR_FILE: `${dataDir}.anchor.json`,
    GATEWAY_PORT: String(port),
    WORKER_SECRET: secret,
    SESSION_SECRET: 'session-secret-of-the-tests-0123456789',
    OPERATOR_PASSWORD: 'a long enough passphrase',
    AUDIT_SIGNING_KEY: 'audit-signing-key-of-the-tests-0123456789',
    LOG_LEVEL: 'fatal',
  };
  const gateway = keepRunning(['apps/gateway/src/main.ts'], env);
  const auditor = keepRunning(['apps/auditor/src/main.ts'], env);
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);

  const acknowledged: string[] = [];
  const stop = new AbortController();
  let refused = 0;
  let kills = 0;
  const send = async (ids: readonly string[]) => {
    const events = ids.map((event_id) => ({ event_id, agent_id: 'a', action_type: 'b.c', status: 'ok' }));
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/audit/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ events }),
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined);
      if (answer?.status === 202) {
        acknowledged.push(...ids);
        return;
      }
      refused += 1;
      await delay(20);
    }
  };
  const sender = async () => {
    while (acknowledged.length < options.count || kills < options.kills) {
      await send(Array.from({ length: options.batch }, () => randomUUID()));
    }
  };
  const killer = async () => {
    const victims = [
      () => auditor.kill(),
      () => gateway.kill(),
      async () => {
        await redis.kill();
        await redis.start();
      },
    ];
    while (!stop.signal.aborted) {
      const before = acknowledged.length;
      await delay(options.everyMs * (0.5 + Math.random()));
      // On a slow machine nothing would ever get up again if it were killed by the clock alone.
      while (acknowledged.length === before && !stop.signal.aborted) await delay(20);
      await victims[kills % victims.length]?.();
      kills += 1;
    }
  };
  const killing = killer();
  const senders = 8;
  await Promise.all(Array.from({ length: senders }, sender));
  stop.abort();
  await killing;

  const found = async () => {
    const { rows } = await stores.sql.query<{ n: number; ids: number }>(
      `select count(*)::int as n, count(distinct event_id)::int as ids from actp_agent_audit_log where event_id = any ($1)`,
      [acknowledged],
    );
    return rows[0] ?? { n: 0, ids: 0 };
  };
  await eventually(async () => (await found()).ids === acknowledged.length, { within: 180_000, every: 250 });
  expect(await found()).toEqual({ n: acknowledged.length, ids: acknowledged.length });
  expect(acknowledged.length).toBeGreaterThanOrEqual(options.count);
  const { publicKey, last } = await checkpointFile(dataDir).read();
  const log = await verifyAuditLog({ db: createDb(stores.env, 'auditor', 30_000), publicKey, outside: last });
  expect(log).toMatchObject({ ok: true, first_bad: null });
  return { kills, refused };
}
