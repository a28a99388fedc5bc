import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { databaseAppKey } from '@actp/db/access/app-key';
import { connectRedis, failFastOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { keepRunning } from '@actp/testing/keep-running';
import { openFolderStores } from '@actp/testing/folder-stores';

/*
 * kill -9 of Postgres, of the two auditors, of everything, at random moments under load. A hold of a healthy plane is recorded in its own
 * audit log with the reason, so that also one that was over a moment later is found.
 */

const kills = Number(process.env['ANCHOR_KILLS'] ?? 40);
const appSecret = 'app-secret-of-the-tests-0123456789abcdef';
const folder = await mkdtemp(join(tmpdir(), 'actp-kills-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
const anchors = [join(folder, 'first.json'), join(folder, 'second.json')];
const stores = await openFolderStores(join(folder, 'data'), { appSecret, migrate: true, durable: true });
const { sql } = stores;
// Connections are cut when Postgres is killed, also those that are in use.
sql.on('connect', (client) => client.on('error', () => undefined));
const digest = 'a'.repeat(64);

/** An auditor as the supervisor runs it: started again whenever it dies. */
function keepAuditor(anchor: string) {
  const env = {
    ...stores.env,
    DATABASE_APP_KEY: databaseAppKey(appSecret, 'auditor'),
    ACTP_DATA_DIR: join(folder, 'data'),
    ACTP_ANCHOR_FILE: anchor,
    AUDIT_SIGNING_KEY: 'audit-signing-key-of-the-tests-0123456789',
    AUDIT_RETENTION_DAYS: '7',
    LOG_LEVEL: 'fatal',
  };
  return keepRunning(['apps/auditor/src/main.ts'], env);
}

const work: ReadonlyArray<() => Promise<unknown>> = [
  async () => {
    const request = {
      action: 'dm.bulk_send',
      details: {},
      requested_by: 'agent-1',
      ttl_seconds: 86_400,
      grant_seconds: 86_400,
      action_digest: digest,
      payload_digest: digest,
      policy_version: 'v1',
    };
    const { rows } = await sql.query<{ answer: { approval: { id: string } } }>(
      'select request_approval($1, $2) as answer',
      [request, { agent_id: 'agent-1' }],
    );
    const id = rows[0]?.answer.approval.id;
    await sql.query(`select decide_approval($1, 'approved', $2, 'telegram:42', null, null, '{}')`, [
      id,
      digest,
    ]);
    await sql.query('select redeem_approval($1, $2, $3)', [id, digest, { agent_id: 'agent-1' }]);
  },
  () => {
    const event = () => ({ event_id: randomUUID(), agent_id: 'a', action_type: 'b.c', status: 'ok' });
    return sql.query('select write_audit_events($1)', [JSON.stringify(Array.from({ length: 50 }, event))]);
  },
  async () => {
    const scope = `agent:${randomUUID()}`;
    await sql.query(`select set_kill_switch($1, 'why', 'telegram:42', '{}')`, [scope]);
    await sql.query(`select lift_kill_switch($1, null, null, 'telegram:42', '{}')`, [scope]);
  },
  // Seen before it is on the disk: what an anchor names must be there all the same.
  async () => {
    const client = await sql.connect();
    try {
      await client.query('set synchronous_commit = off');
      await client.query(`select set_kill_switch($1, 'why', 'telegram:42', '{}')`, [`agent:${randomUUID()}`]);
    } finally {
      client.release(true);
    }
  },
  // The day changes: rows of the days around today open chains of their own.
  () => {
    const day = Math.floor(Math.random() * 3) - 1;
    return sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
       values ('a', 'b', 'ok', now() + $1 * interval '1 day')`,
      [day],
    );
  },
  () => sql.query('select make_audit_partitions(30)'),
];

const redisTarget = {
  REDIS_URL: stores.env.REDIS_URL,
  REDIS_CLUSTER_NODES: [] as [],
  REDIS_SENTINELS: [] as [],
  REDIS_SENTINEL_NAME: 'mymaster',
  REDIS_MIN_REPLICAS: undefined,
};

const pidOf = (part: 'postgres' | 'redis' | 'postgrest') => stores.parts[part]?.pid();
const killPart = (part: 'postgres' | 'redis' | 'postgrest') => {
  const pid = pidOf(part);
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is being started again.
  }
};

it(
  `${kills} times kill -9 at random moments hold nothing that is healthy`,
  { timeout: 3_000_000 },
  async () => {
    const [first, second] = anchors.map(keepAuditor);
    const victims: Record<string, () => unknown> = {
      postgres: () => killPart('postgres'),
      auditor: () => first?.kill(),
      auditors: () => [first?.kill(), second?.kill()],
      redis: () => killPart('redis'),
      everything: () => {
        first?.kill();
        killPart('postgres');
        second?.kill();
        killPart('postgrest');
        killPart('redis');
      },
      'redis flushed': async () => {
        const redis = connectRedis(redisTarget, failFastOptions);
        redis.on('error', () => undefined);
        await redis.flushall().catch(() => undefined);
        redis.disconnect();
      },
    };
    const free = () =>
      eventually(async () => {
        const { rows } = await sql.query<{ free: boolean }>(
          `select plane_hold() is null and anchored_rows is not null as free from actp_audit.plane`,
        );
        return rows[0]?.free;
      });
    await free();
    const over = new AbortController();
    let done = 0;
    const refusals = new Set<string>();
    const load = work.map(async (one) => {
      while (!over.signal.aborted) {
        await one().then(
          () => (done += 1),
          (error: unknown) => {
            refusals.add(String(error).slice(0, 120));
            return delay(50);
          },
        );
      }
    });
    const waits: number[] = [];
    const names = Object.keys(victims);
    for (let n = 0; n < kills; n += 1) {
      await delay(Math.random() * 1_200);
      await victims[names[n % names.length] ?? '']?.();
      // Every third one hits what has not yet recovered from the one before.
      if (n % 3 === 2) continue;
      // From when the database answers: its own start is no hold.
      await eventually(() => sql.query('select').then(() => true));
      const up = performance.now();
      await free();
      waits.push(performance.now() - up);
    }
    await free();
    over.abort();
    await Promise.all(load);
    const { rows: holds } = await sql.query(
      `select created_at, action_type, result from actp_agent_audit_log
     where action_type in ('plane.held', 'plane.confirmed') order by id`,
    );
    const said = await Promise.all(anchors.map((path) => readFile(path, 'utf8')));
    const { rows: heads } = await sql.query(`select * from actp_audit.plane`);
    if (holds.length > 0) console.error(JSON.stringify({ holds, said, heads }, null, 1));
    console.log(
      JSON.stringify({
        kills,
        done,
        refusals: [...refusals],
        waits: waits.map(Math.round).toSorted((a, b) => a - b),
      }),
    );
    expect(holds).toEqual([]);
  },
);
