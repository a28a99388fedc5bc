import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { inject } from 'vitest';
import { ownPort } from './own-port.ts';
import { mintApiKey, mintServiceRoleKey, type DatabaseRole } from '@actp/embedded/keys';
import { bootstrapRoles } from '@actp/embedded/postgres-roles';
import { startPostgrest, type Postgrest } from '@actp/embedded/postgrest';
import { startRestProxy, type RestProxy } from '@actp/embedded/rest-proxy';
import { atEnd } from './at-end.ts';
import { markCompared } from './compared.ts';

/** What the global setup started. */
export interface SharedStores {
  dataDir: string;
  jwtSecret: string;
  databaseUrl: string;
  authenticatorUrl: string;
  redisUrl: string;
  redisAdminUrl: string;
  redisDatabases: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    stores: SharedStores;
  }
}

/** Real stores of one test file: nobody else sees its rows, keys and jobs. */
export interface Stores {
  /** As the supervisor would put it into an app's environment. */
  env: {
    SUPABASE_URL: string;
    SUPABASE_SERVICE_ROLE_KEY: string;
    /** Registered for every app; the app that shows it still has its own rights alone. */
    DATABASE_APP_KEY: string;
    DATABASE_URL: string;
    REDIS_URL: string;
    REDIS_CLUSTER_NODES: [];
    REDIS_SENTINELS: [];
    REDIS_SENTINEL_NAME: string;
    REDIS_MIN_REPLICAS: undefined;
  };
  /** The database's owner, for arranging and for looking behind the API. */
  sql: pg.Pool;
  /** With all rights, which `env.REDIS_URL` does not give. */
  redis: Redis;
  postgrest: Postgrest;
  proxy: RestProxy;
  /** An API key of any role, as Supabase issues them. */
  keyFor(role: DatabaseRole): string;
}

/** A fresh database without PostgREST and Redis, for tests of SQL alone; it goes when the file is done. */
export async function openDatabase(): Promise<Pick<Stores, 'sql'>> {
  const { sql, close } = await makeDatabase(inject('stores'), false);
  atEnd(close);
  return { sql };
}

/**
 * Makes a fresh database behind its own PostgREST, and an empty Redis database; both go when the file is done.
 *
 * @param options.empty as a new Supabase project is, before the first migration
 */
export async function openStores(options: { empty?: boolean } = {}): Promise<Stores> {
  const shared = inject('stores');
  const { name, of, sql, appKey, close } = await makeDatabase(shared, options.empty === true);
  let postgrest: Postgrest | undefined;
  const proxy = await startRestProxy({ port: await ownPort(), targetPort: () => postgrest?.port });
  postgrest = await startPostgrest({
    dataDir: join(shared.dataDir, name),
    databaseUrl: of(shared.authenticatorUrl),
    jwtSecret: shared.jwtSecret,
    pool: 10,
    port: await ownPort(),
    adminPort: await ownPort(),
  });
  const redis = await ownRedis(shared);
  const env = {
    SUPABASE_URL: proxy.url,
    SUPABASE_SERVICE_ROLE_KEY: mintServiceRoleKey(shared.jwtSecret),
    DATABASE_APP_KEY: appKey,
    DATABASE_URL: of(shared.databaseUrl),
    REDIS_URL: redis.url,
    REDIS_CLUSTER_NODES: [] as [],
    REDIS_SENTINELS: [] as [],
    REDIS_SENTINEL_NAME: 'mymaster',
    REDIS_MIN_REPLICAS: undefined,
  };

  atEnd(async () => {
    await proxy.stop();
    await postgrest.stop();
    await redis.client.flushdb();
    redis.client.disconnect();
    await close();
  });
  return {
    env,
    sql,
    redis: redis.client,
    postgrest,
    proxy,
    keyFor: (role) => mintApiKey(shared.jwtSecret, role),
  };
}

async function makeDatabase(shared: SharedStores, empty: boolean) {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const of = (url: string) => url.replace(/\/postgres$/, `/${name}`);
  const admin = new pg.Client(shared.databaseUrl.replace(/\/postgres$/, '/template1'));
  await admin.connect();
  await inTurns(admin, async () => {
    await admin.query(
      `create database ${name} template ${empty ? 'template0' : 'postgres'} strategy file_copy`,
    );
    if (empty) await prepareEmpty(of(shared.databaseUrl), shared.authenticatorUrl);
    else
      await admin.query(`alter role authenticator in database ${name} set pgrst.db_pre_request = '${hook}'`);
  });

  const sql = new pg.Pool({ connectionString: of(shared.databaseUrl), max: 20 });
  // Connections are cut when the database is dropped or Postgres is killed by a test.
  sql.on('error', () => undefined);
  const appKey = randomUUID();
  if (!empty) {
    await sql.query(registration, [appKey]);
    await markCompared(sql);
  }
  const close = async () => {
    await sql.end();
    await admin.end();
  };
  return { name, of, sql, appKey, close };
}

const hook = 'actp_access.assume_app_role';
const registration = `
  insert into actp_access.app_keys (key_hash, app)
  select sha256(convert_to($1, 'UTF8')), app
  from unnest(array['gateway', 'bot', 'scheduler', 'runner', 'auditor', 'executor', 'inspector', 'cli']) app`;

// Two files may copy at the same moment, which Postgres refuses, or change the same role: they take turns.
async function inTurns(admin: pg.Client, work: () => Promise<void>): Promise<void> {
  await admin.query('select pg_advisory_lock(1)');
  try {
    await work();
  } finally {
    await admin.query('select pg_advisory_unlock(1)');
  }
}

async function prepareEmpty(url: string, authenticatorUrl: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  // The role is shared with every other file, and so is its password.
  await bootstrapRoles(client, decodeURIComponent(new URL(authenticatorUrl).password));
  await client.end();
}

async function ownRedis(shared: SharedStores): Promise<{ url: string; client: Redis }> {
  const counter = new Redis(shared.redisUrl);
  const index = 1 + ((await counter.incr('actp-test:databases')) % (shared.redisDatabases - 1));
  counter.disconnect();
  const numbered = (url: string) => `${url}/${index}`;
  const client = new Redis(numbered(shared.redisAdminUrl), { maxRetriesPerRequest: null });
  client.on('error', () => undefined); // some tests take Redis away
  await client.flushdb();
  return { url: numbered(shared.redisUrl), client };
}
