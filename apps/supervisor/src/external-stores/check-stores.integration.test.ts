import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { mintServiceRoleKey } from '@actp/embedded/keys';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { readPlaneSettings } from '@actp/shared/plane-settings';
import { checkStores } from './check-stores.ts';

const stores = await openStores();
const redis = await openOwnRedis();
const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL } = stores.env;
const supabase = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY };

/** What it says; undefined when it lets the start go on. */
const said = (env: Record<string, string>) =>
  checkStores(readPlaneSettings(env), {
    say: () => undefined,
    signal: new AbortController().signal,
  }).then(
    () => undefined,
    (error: unknown) => String(error),
  );

const elsewhere = createServer((_req, res) => res.writeHead(404).end('not here'));
let elsewherePort: string;
beforeAll(async () => {
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const address = elsewhere.address();
  elsewherePort = typeof address === 'object' ? String(address?.port) : '';
});
afterAll(() => elsewhere.close());

describe('stores that run elsewhere', () => {
  it('are fine when they answer, and are not asked when they are embedded', async () => {
    expect(await said({ ...supabase, REDIS_URL: redis.env.REDIS_URL })).toBeUndefined();
    expect(await said({})).toBeUndefined();
  });

  it.each(['redis://:wrong-password@', 'redis://'])('tell when Redis refuses us: %s', async (start) => {
    const message = await said({ REDIS_URL: redis.env.REDIS_URL.replace(/^.*@/, start) });
    expect(message).toContain('The Redis server at REDIS_URL rejects the credentials');
    expect(message).not.toContain('wrong-password');
  });

  it('tell when Redis is away, held, or a cluster is away', async () => {
    const port = await ownPort();
    redis.hold();
    const [away, cluster, held] = await Promise.all([
      said({ REDIS_URL: `redis://127.0.0.1:${port}` }),
      said({ REDIS_CLUSTER_NODES: `127.0.0.1:${port}` }),
      said({ REDIS_URL: redis.env.REDIS_URL }),
    ]).finally(redis.release);
    expect(away).toContain('REDIS_URL is unavailable');
    expect(cluster).toContain('REDIS_CLUSTER_NODES is unavailable');
    expect(held).toContain('REDIS_URL is unavailable');
  });

  it.each([
    ['signed with another secret', mintServiceRoleKey('another-secret-another-secret-another')],
    ['of anon', stores.keyFor('anon')],
    ['of a logged-in user', stores.keyFor('authenticated')],
    ['that is no key', 'nö'],
    ['that no header can hold', 'kēy'],
  ])('tell when the key is one %s', async (_what, key) => {
    const message = await said({ ...supabase, SUPABASE_SERVICE_ROLE_KEY: key });
    expect(message).toContain('rejects SUPABASE_SERVICE_ROLE_KEY');
    expect(message).not.toContain(key);
  });

  it('tell when the project is away, or something else answers there', async () => {
    const away = await said({ ...supabase, SUPABASE_URL: `http://127.0.0.1:${await ownPort()}` });
    expect(away).toContain('SUPABASE_URL is unavailable (ECONNREFUSED)');
    const other = await said({ ...supabase, SUPABASE_URL: `http://127.0.0.1:${elsewherePort}` });
    expect(other).toContain('The server at SUPABASE_URL is not a Supabase project');
    expect(other).not.toContain(elsewherePort);
  });

  it('tell when the database has none of our tables and nobody can make them', async () => {
    await stores.sql.query('alter table actp_agent_health_snapshots rename to snapshots_away');
    await stores.sql.query(`notify pgrst, 'reload schema'`);
    await eventually(async () => (await said(supabase))?.includes('Set DATABASE_URL'));
    expect(await said({ ...supabase, DATABASE_URL })).toBeUndefined();
  });
});
