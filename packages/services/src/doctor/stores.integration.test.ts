import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { migrationVersions } from '@actp/db/migration-versions';
import { queueNames } from '@actp/shared/jobs/catalogue';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import { createLogger } from '@actp/shared/log';
import { connectRedis, workerOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { storeSnapshot } from '../self-test/record-snapshot.ts';
import { beginRun } from '../self-test/run.ts';
import { lookAtAudit } from './audit.ts';
import { databaseCheck } from './database.ts';
import { readFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { look } from './look.fixture.ts';
import { queuesCheck } from './queues.ts';
import { redisCheck } from './redis.ts';

const stores = await openStores();
const patience = 60_000;
const db = createDb(stores.env, 'cli', patience);
const log = createLogger({ app: 'test', level: 'silent' });
const dataDir = await mkdtemp(join(tmpdir(), 'actp-doctor-'));
atEnd(() => rm(dataDir, { recursive: true, force: true }));

const states = (found: readonly Finding[]) =>
  Object.fromEntries(found.map(({ name, state }) => [name, state]));

describe('Redis', () => {
  const redis = (target: Parameters<typeof redisCheck>[0]['target']) =>
    look(redisCheck({ target, embedded: false }));

  it('is off where the embedded one does not run', async () => {
    expect(await redis(undefined)).toMatchObject([{ state: 'off' }]);
  });

  it('is fine when it keeps everything, tells its version, and is told when it is away', async () => {
    const own = await openOwnRedis();
    const [found] = await redis(own.env);
    expect(found).toMatchObject({ state: 'ok' });
    expect(found?.detail).toMatch(/version \d+\.\d+.* MB used$/);
    await own.kill();
    const [away] = await redis(own.env);
    expect(away).toMatchObject({ state: 'fail' });
    expect(JSON.stringify(away)).not.toContain('password-of-a-redis');
  });

  it('is not, when it evicts keys, keeps nothing on disk, is nearly full, or rejects the password', async () => {
    const own = await openOwnRedis();
    const admin = connectRedis({ REDIS_URL: own.adminUrl, REDIS_CLUSTER_NODES: [] }, workerOptions);
    atEnd(() => admin.disconnect());
    await admin.call('config', 'set', 'maxmemory-policy', 'allkeys-lru');
    expect((await redis(own.env))[0]).toMatchObject({ state: 'fail' });
    await admin.call('config', 'set', 'maxmemory-policy', 'noeviction');
    await admin.call('config', 'set', 'maxmemory', '100mb');
    expect((await redis(own.env))[0]).toMatchObject({ state: 'ok' });
    const used = Number(/used_memory:(\d+)/.exec(String(await admin.call('info', 'memory')))?.[1]);
    await admin.call('config', 'set', 'maxmemory', String(Math.ceil(used * 1.05)));
    const [full] = await redis(own.env);
    expect(['warn', 'fail']).toContain(full?.state);
    await admin.call('config', 'set', 'maxmemory', '0');
    await admin.call('config', 'set', 'appendonly', 'no');
    expect((await redis(own.env))[0]).toMatchObject({ state: 'warn' });
    const wrong = new URL(own.env.REDIS_URL);
    wrong.password = 'wrong-password-here';
    const [rejected] = await redis({ ...own.env, REDIS_URL: wrong.href });
    expect(rejected).toMatchObject({ state: 'fail' });
    expect(JSON.stringify(rejected)).not.toContain('wrong-password-here');
  });
});

describe('the database', () => {
  const database = (target = stores.env, client = db) =>
    look(
      databaseCheck({
        target: { ...target, DATABASE_URL: undefined },
        embedded: false,
        facts: () => readFacts(client),
        migrations: migrationVersions,
      }),
    );
  const withChange = async (change: string, back: string, work: () => Promise<void>) => {
    await stores.sql.query(change);
    try {
      await work();
    } finally {
      await stores.sql.query(back);
    }
  };

  it('is fine when it is on this release and accepts the keys of the apps', async () => {
    expect(states(await database())).toEqual({ database: 'ok', migrations: 'ok', 'app keys': 'ok' });
  });

  it('says what it knows, with our time in the middle of the call, and leaves out what nobody can read', async () => {
    const runner = createDb(stores.env, 'runner', patience);
    const runId = randomUUID();
    await beginRun(runner, { runId, trigger: 'http', jobId: 'j', holder: 'r', leaseSeconds: 60 });
    await storeSnapshot(
      runner,
      { run_id: runId, trigger: 'http', status: 'failed', services: [{ name: 7 }], failures: [{ test: 7 }] },
      { problem: 'x', recovery: 'x', note: null },
    );
    const before = Date.now();
    const { facts, askedAt, spreadMs } = await readFacts(db);
    const after = Date.now();
    expect(askedAt).toBeGreaterThanOrEqual(before);
    expect(askedAt).toBeLessThanOrEqual(after);
    expect(spreadMs).toBeGreaterThanOrEqual(0);
    expect(spreadMs).toBeLessThanOrEqual((after - before) / 2);
    expect(facts.self_test).toMatchObject({ status: 'failed', services: [], failures: [] });
  });

  it('is told when the service-role key, or the key of the app, is wrong', async () => {
    const key = randomBytes(32).toString('base64url');
    const [wrong] = await database({ ...stores.env, SUPABASE_SERVICE_ROLE_KEY: key });
    expect(wrong).toMatchObject({ name: 'database', state: 'fail' });
    const stranger = createDb({ ...stores.env, DATABASE_APP_KEY: key }, 'cli', patience);
    const [unknown] = await database(stores.env, stranger);
    expect(unknown).toMatchObject({ name: 'app keys', state: 'fail' });
    expect(JSON.stringify([wrong, unknown])).not.toContain(key);
  });

  it('is told when it is behind, or ahead', async () => {
    const newest = (await migrationVersions()).at(-1) ?? '';
    const table = 'supabase_migrations.schema_migrations';
    const row = `where version = '${newest}'`;
    await withChange(
      `update ${table} set version = '0' || version ${row}`,
      `update ${table} set version = '${newest}' where version = '0${newest}'`,
      async () => {
        expect(states(await database())['migrations']).toBe('fail');
      },
    );
    await withChange(
      `insert into ${table} (version) values ('99991231235959')`,
      `delete from ${table} where version = '99991231235959'`,
      async () => {
        const found = await database();
        expect(found.find(({ name }) => name === 'migrations')?.detail).toContain('newer release');
      },
    );
    expect(states(await database())['migrations']).toBe('ok');
  });

  it('is told when the functions are those of another release', async () => {
    const other = await openStores();
    await other.sql.query('drop function public.doctor_facts()');
    await other.sql.query(`notify pgrst, 'reload schema'`);
    const client = createDb(other.env, 'cli', patience);
    await eventually(async () => {
      const found = await database(other.env, client);
      expect(found).toMatchObject([{ name: 'migrations', state: 'fail' }]);
      return true;
    });
  });
});

describe('the audit log', () => {
  const audit = async (withinMs = patience) =>
    lookAtAudit({ db, dataDir, withinMs }, (await readFacts(db)).facts);
  const insert = "insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')";

  it('is verified, and told when a row was changed', async () => {
    await stores.sql.query(insert);
    await stores.sql.query(insert);
    expect(await audit()).toMatchObject({
      state: 'ok',
      detail: 'intact, 2 rows verified; no checkpoint yet',
    });
    const client = await stores.sql.connect();
    try {
      await client.query('set session_replication_role = replica');
      await client.query("update actp_agent_audit_log set status = 'failed' where chain_seq = 1");
    } finally {
      client.release(true);
    }
    const found = await audit();
    expect(found.state).toBe('fail');
    expect(found.detail).toMatch(/^tampered with or incomplete: \d+ places?, the first in \d{4}-\d\d-\d\d/);
  });

  it('is not verified where that takes too long; what the auditor has found counts then', async () => {
    expect(await audit(0)).toMatchObject({ state: 'ok' });
    await stores.sql.query(
      `insert into actp_notifications (dedupe_key, kind, body) values ('audit-alarm:1', 'audit.alarm', 'x')`,
    );
    expect(await audit(0)).toMatchObject({ state: 'fail' });
  });
});

describe('the queues', () => {
  it('are told when events have failed for good', async () => {
    const redis = await openOwnRedis();
    const producer = createProducer({ redis: redis.env, log });
    atEnd(() => producer.close());
    const workers = queueNames.map((queue) =>
      createWorker({
        queue,
        redis: redis.env,
        log,
        handlers: {} as never,
        concurrency: 1,
      }),
    );
    atEnd(() => Promise.all(workers.map((worker) => worker.close())));
    await eventually(async () => (await look(queuesCheck(producer)))[0]?.state === 'ok');
    await producer.use('audit', (queue) => queue.add('unknown', {}, { attempts: 1 }));
    await eventually(async () => {
      const found = await look(queuesCheck(producer));
      expect(states(found)).toEqual({ queues: 'ok', 'audit events': 'fail' });
      return true;
    });
  });

  it('are told when nobody consumes one, with the app that should', async () => {
    const producer = createProducer({ redis: stores.env, log });
    atEnd(() => producer.close());
    const workers = queueNames.map((queue) =>
      createWorker({ queue, redis: stores.env, log, handlers: {} as never, concurrency: 1 }),
    );
    atEnd(() => Promise.all(workers.map((worker) => worker.close())));
    await eventually(async () => (await look(queuesCheck(producer)))[0]?.state === 'ok');
    await workers[queueNames.indexOf('audit')]?.close();
    const [found] = await look(queuesCheck(producer));
    expect(found?.state).toBe('fail');
    expect(found?.detail).toContain('audit');
    expect(found?.remedy).toContain('auditor.log');
    expect(await look(queuesCheck(undefined))).toMatchObject([{ state: 'off' }]);
  });
});
