import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './fixtures/until.ts';
import { mintApiKey } from './keys.ts';
import { listenersOf, processTree } from './listening-sockets.ts';
import { identifyProcess, isRunning } from './process-identity.ts';
import { isRedisReady } from './redis-ready.ts';
import { startStack, type Stack } from './stack.ts';

const secrets = {
  postgresPassword: 'postgres-password-for-the-stack-test',
  jwtSecret: 'jwt-secret-for-the-stack-test-of-32-characters',
  redisPassword: 'redis-password-for-the-stack-test',
};
describe('the embedded stores', () => {
  let dataDir: string;
  let stack: Stack;
  const lines: string[] = [];

  const select = (headers: Record<string, string> = {}, table = 'notes') =>
    fetch(`${stack.env.SUPABASE_URL}/rest/v1/${table}?select=text`, { headers });
  const asService = () => ({ apikey: stack.env.SUPABASE_SERVICE_ROLE_KEY ?? '' });
  const killed = (part: 'postgres' | 'postgrest' | 'redis') => {
    const before = stack.parts[part]?.restarts() ?? 0;
    process.kill(stack.parts[part]?.pid() ?? 0, 'SIGKILL');
    return async () => (stack.parts[part]?.restarts() ?? 0) > before;
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'actp-stack-'));
    stack = await startStack({
      dataDir,
      secrets,
      log: (part, line) => lines.push(`${part} ${line}`),
      prepareDatabase: async (url) => {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.query(`
          create table notes (text text);
          insert into notes values ('kept');
          create table private_notes (text text);
          alter table private_notes enable row level security;
          revoke all on private_notes from anon, authenticated;
        `);
        await client.end();
      },
    });
  });

  afterAll(async () => {
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('answers a select under /rest/v1 with the service key, as Supabase does', async () => {
    const response = await select(asService());
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual([{ text: 'kept' }]);
  });

  it('opens new tables to anon unless a migration revokes that, as Supabase does', async () => {
    expect((await select()).status).toBe(200);
    expect((await select({}, 'private_notes')).status).toBe(401);
    const user = mintApiKey(secrets.jwtSecret, 'authenticated');
    expect((await select({ authorization: `Bearer ${user}` }, 'private_notes')).status).toBe(403);
    expect((await select(asService(), 'private_notes')).status).toBe(200);
  });

  it('refuses a key that another secret signed', async () => {
    const forged = mintApiKey('another-secret-of-at-least-32-characters', 'service_role');
    expect((await select({ apikey: forged })).status).toBe(401);
  });

  it('[TRU-007] refuses a key that was minted more than a year ago', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    const minted = (days: number) => mintApiKey(secrets.jwtSecret, 'service_role', daysAgo(days));
    expect((await select({ apikey: minted(364) })).status).toBe(200);
    expect((await select({ apikey: minted(367) })).status).toBe(401);
  });

  it('learns of a new table without being told', async () => {
    const client = new pg.Client({ connectionString: stack.env.DATABASE_URL });
    await client.connect();
    await client.query('create table later (text text)');
    await client.end();
    await until('the new table is served', async () => {
      return (await select(asService(), 'later')).status === 200;
    });
  });

  it('listens on loopback only', () => {
    const listeners = listenersOf(processTree(process.pid));
    expect(listeners.length).toBeGreaterThanOrEqual(5);
    expect(new Set(listeners.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
  });

  it('shows no secret on a command line or in a log', async () => {
    const commands = await Promise.all(
      processTree(process.pid).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    for (const secret of Object.values(secrets)) {
      expect(commands.join('\n')).not.toContain(secret);
      expect(lines.join('\n')).not.toContain(secret);
    }
  });

  it('heals by itself after Postgres was killed, with everything it acknowledged', async () => {
    const back = killed('postgres');
    await until('Postgres was started again', back);
    await until('the row is served', async () => {
      const response = await select(asService());
      return response.status === 200 && (await response.text()).includes('kept');
    });
  });

  it('heals by itself after PostgREST was killed, and answers 503 with Retry-After meanwhile', async () => {
    const back = killed('postgrest');
    const refused = await select(asService());
    expect([200, 503]).toContain(refused.status);
    if (refused.status === 503) expect(refused.headers.get('retry-after')).toBe('1');
    await until('PostgREST was started again', back);
    await until('rows are served', async () => (await select(asService())).status === 200);
  });

  it('heals by itself after Redis was killed', async () => {
    const port = stack.parts.redis?.port ?? 0;
    const back = killed('redis');
    await until('Redis was started again', back);
    await until('Redis answers', () => isRedisReady(port, secrets.redisPassword));
  });

  it('keeps a second copy away from its data folder and names who has it', async () => {
    const second = startStack({ dataDir, secrets });
    await expect(second).rejects.toThrow(`in use by process ${process.pid}`);
    await expect(second).rejects.toThrow('ACTP_DATA_DIR');
    expect((await select(asService())).status).toBe(200);
  });

  it('leaves no process and no socket when it is stopped, and comes back on the same ports', async () => {
    const before = processTree(process.pid)
      .filter((pid) => pid !== process.pid)
      .map(identifyProcess);
    const ports = Object.values(stack.parts).map(({ port }) => port);
    await stack.stop();
    expect(before.filter((one) => one !== undefined && isRunning(one))).toEqual([]);
    expect(listenersOf([process.pid])).toEqual([]);

    stack = await startStack({ dataDir, secrets });
    expect(Object.values(stack.parts).map(({ port }) => port)).toEqual(ports);
    expect(await (await select(asService())).json()).toEqual([{ text: 'kept' }]);
  });
});

describe('a start that fails', () => {
  it('stops what had been started and lets the next start have the folder', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'actp-stack-'));
    const failing = startStack({
      dataDir,
      fast: true,
      prepareDatabase: () => Promise.reject(new Error('a migration failed')),
    });
    await expect(failing).rejects.toThrow('a migration failed');
    expect(processTree(process.pid)).toEqual([process.pid]);
    const stack = await startStack({ dataDir, fast: true, parts: ['redis'] });
    expect(Object.keys(stack.env)).toEqual(['REDIS_URL']);
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
});
