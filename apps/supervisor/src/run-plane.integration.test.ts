import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { parseEnv } from 'node:util';
import { findProgram } from '@actp/embedded/find-program';
import { isPortFree } from '@actp/embedded/free-port';
import { ownPort } from '@actp/testing/own-port';
import { isRunning } from '@actp/embedded/process-identity';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { retentionOf } from './fixtures/retention-of.ts';
import { storesOf } from './fixtures/stores-of.ts';
import { startPlaneProcess, type PlaneProcess } from './fixtures/plane-process.ts';

const stores = await openStores();
// Ran once from nothing; the others start from copies of its folder, which spares them a new database.
let first: PlaneProcess;
let plane: PlaneProcess | undefined;
const start = async (env: Record<string, string> = {}) => {
  plane = await startPlaneProcess(env, first.root);
  return plane;
};
// Nothing is started there, so there is nothing to copy.
const startNew = async (env: Record<string, string>) => {
  plane = await startPlaneProcess(env);
  return plane;
};

beforeAll(async () => {
  first = await startPlaneProcess();
  await first.says('Self-test passed');
  first.processes();
  first.child.kill('SIGINT');
  await first.exited;
});
afterEach(async () => {
  await plane?.clean();
  plane = undefined;
});
afterAll(() => first.clean());

/** The one that runs now; its first line may come after the plane is ready. */
const workerPid = (of: PlaneProcess, before?: number) =>
  eventually(() => {
    const pid = of
      .printed()
      .match(/pid_of_worker=\d+/g)
      ?.at(-1)
      ?.slice(14);
    return pid !== undefined && Number(pid) !== before && Number(pid);
  });

describe('npm start', () => {
  it('makes secrets that only the owner can read, shows what runs where, and prints no secret', async () => {
    const file = join(first.root, '.env');
    const secrets = parseEnv(await readFile(file, 'utf8'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(Object.keys(secrets).filter((name) => name.includes('PORT'))).toEqual([]);

    const printed = first.printed();
    expect(printed).toContain(`http://127.0.0.1:${first.port}/dashboard`);
    expect(printed).toContain('OPERATOR_PASSWORD in ./.env');
    expect(printed).toMatch(/Keys +npm run stores/);
    expect(printed).toMatch(/Data +\.actp /);
    expect(printed).toMatch(/Telegram +off; set TELEGRAM_BOT_TOKEN/);
    expect(printed).toContain('Self-test passed: 3 of 3 tests passed, 2 of 2 services up');
    for (const secret of Object.values(secrets)) expect(printed).not.toContain(secret);
  });

  it('gives every app a prefix and the settings it needs, and no key of the stores', () => {
    expect(first.printed()).toMatch(/^worker {2}\| \d\d:\d\d:\d\d\.\d{3} info {2}up /m);
    const given = 'GATEWAY_PORT SUPABASE_URL SUPABASE_SERVICE_ROLE_KEY REDIS_URL';
    expect(first.printed()).toContain(`present=${given}\n`);
  });

  it('stops apps before stores at a Ctrl-C, and leaves no process and no socket', async () => {
    expect(await first.exited).toBe(0);
    expect(first.printed()).toContain('worker  | redis answers when the worker stops');
    expect(first.processes().filter(isRunning)).toEqual([]);
    expect(await isPortFree(first.port)).toBe(true);
  });

  it('starts an app that dies again, and keeps the secrets at the next start', async () => {
    const running = await start();
    await running.says('is ready');
    expect(running.printed()).not.toContain('Generated ');
    const worker = await workerPid(running);
    process.kill(worker, 'SIGKILL');
    await running.says('worker was killed by SIGKILL; restarting');
    await workerPid(running, worker);
    running.child.kill('SIGTERM');
    expect(await running.exited).toBe(0);
    const env = (root: string) => readFile(join(root, '.env'), 'utf8');
    expect(await env(running.root)).toBe(await env(first.root));
  });

  it('leaves nothing behind when it is killed with -9', async () => {
    const running = await start();
    await running.says('is ready');
    const all = running.processes();
    expect(all.length).toBeGreaterThan(5);
    running.child.kill('SIGKILL');
    await running.exited;
    await eventually(() => all.every((one) => !isRunning(one)));
  });

  it('stops when whoever started it is gone', async () => {
    const running = await start();
    await running.says('is ready');
    running.processes();
    running.child.disconnect();
    expect(await running.exited).toBe(0);
  });

  it('kills what does not stop at a second signal', async () => {
    const running = await start({ FIXTURE_MODE: 'stubborn' });
    await running.says('is ready');
    const all = running.processes();
    running.child.kill('SIGINT');
    await running.says('not stopping');
    const since = Date.now();
    await eventually(() => Date.now() - since > 1_100);
    running.child.kill('SIGINT');
    expect(await running.exited).toBe(1);
    await eventually(() => all.every((one) => !isRunning(one)));
  });
});

describe('npm start that cannot', () => {
  it('names every bad setting without its value, and starts nothing', async () => {
    const running = await startNew({
      GATEWAY_PORT: 'eighty',
      WORKER_SECRET: 'too-short-secret',
      TELEGRAM_CHAT_ID: 'my-chat',
    });
    expect(await running.exited).toBe(1);
    for (const key of ['GATEWAY_PORT', 'WORKER_SECRET', 'TELEGRAM_CHAT_ID']) {
      expect(running.printed()).toContain(key);
    }
    for (const value of ['eighty', 'too-short-secret', 'my-chat']) {
      expect(running.printed()).not.toContain(value);
    }
    await expect(stat(join(running.root, '.env'))).rejects.toThrow('ENOENT');
  });

  it('wants both parts of a Supabase project or neither', async () => {
    const running = await startNew({ SUPABASE_URL: 'http://127.0.0.1:1' });
    expect(await running.exited).toBe(1);
    expect(running.printed()).toContain('SUPABASE_SERVICE_ROLE_KEY: must be set together with');
  });

  it.each([
    ['is not valid', 'version: 1\ndefaults: { effect: perhaps }\n', '\n    line 2: defaults.effect: '],
    ['is no YAML', 'gates: [', 'POLICY_FILE: is not a valid policy\n    line 1:'],
    ['is not there', undefined, 'POLICY_FILE: there is no such file'],
  ])('starts nothing when the policy %s, and says so', async (_why, policy, message) => {
    const file = join(first.root, `${randomUUID()}.yaml`);
    if (policy !== undefined) await writeFile(file, policy);
    const running = await startNew({ POLICY_FILE: file });
    expect(await running.exited).toBe(1);
    expect(running.printed()).toContain(message);
    expect(running.printed()).not.toContain(file);
    expect(running.printed()).not.toContain('Starting');
    expect(await readdir(running.root)).toEqual([]);
  });

  it('names the stores elsewhere that do not answer, and starts nothing', async () => {
    const port = await ownPort();
    const running = await startNew({
      REDIS_URL: `redis://:not-for-anybody@127.0.0.1:${port}`,
      SUPABASE_URL: `http://127.0.0.1:${port}`,
      SUPABASE_SERVICE_ROLE_KEY: 'not-for-anybody',
    });
    expect(await running.exited).toBe(1);
    expect(running.printed()).toContain('The Redis server at REDIS_URL is unavailable (ECONNREFUSED)');
    expect(running.printed()).toContain('The Supabase project at SUPABASE_URL is unavailable');
    for (const value of [String(port), 'not-for-anybody']) expect(running.printed()).not.toContain(value);
    expect(running.printed()).not.toContain('Starting');
    expect(await readdir(running.root)).toEqual([]);
  });

  it('says that DATABASE_URL lets nobody in before it starts any store', async () => {
    const running = await startNew({
      SUPABASE_URL: stores.env.SUPABASE_URL,
      SUPABASE_SERVICE_ROLE_KEY: stores.env.SUPABASE_SERVICE_ROLE_KEY,
      DATABASE_URL: `postgres://owner:not-for-anybody@127.0.0.1:${await ownPort()}/postgres`,
    });
    expect(await running.exited).toBe(1);
    expect(running.printed()).toContain('Cannot connect to DATABASE_URL');
    expect(running.printed()).not.toContain('not-for-anybody');
    expect(running.printed()).not.toContain('Starting Redis');
  });

  it('listens on loopback alone, and names the setting that says otherwise', async () => {
    const running = await startNew({ GATEWAY_HOST: '10.99.99.99' });
    expect(await running.exited).toBe(1);
    expect(running.printed()).toContain('GATEWAY_HOST: must be a loopback address');
    expect(running.printed()).not.toContain('10.99.99.99');
    expect(running.printed()).not.toContain('taken');
  });

  it('says which port is taken and how to take another', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const running = await startNew({ GATEWAY_PORT: port });
    expect(await running.exited).toBe(1);
    expect(running.printed()).toContain(`127.0.0.1:${port}: the port is in use`);
    expect(running.printed()).toContain('GATEWAY_PORT=');
    other.close();
  });

  it('waits for a copy that is stopping, so that it can be started again at once', async () => {
    const owner = await start();
    await owner.says('is ready');
    owner.child.kill('SIGTERM');
    await owner.says('Stopping');
    const next = await startPlaneProcess({ ACTP_DATA_DIR: join(owner.root, '.actp') });
    await next.says('is ready');
    expect(next.printed()).not.toContain('in use');
    expect(await owner.exited).toBe(0);
    next.child.kill('SIGTERM');
    expect(await next.exited).toBe(0);
    await next.clean();
  });

  it('says which process has the data folder', async () => {
    const owner = await start();
    await owner.says('is ready');
    const second = await startPlaneProcess({ ACTP_DATA_DIR: join(owner.root, '.actp') });
    expect(await second.exited).toBe(1);
    expect(second.printed()).toContain(`in use by process ${owner.child.pid}`);
    await second.clean();
    owner.child.kill('SIGTERM');
    expect(await owner.exited).toBe(0);
  });

  it.each([
    ['/dev/null/data', 'is a file (ENOTDIR)'],
    ['/proc/data', 'it cannot be created there (ENOENT)'],
  ])('says that the data folder cannot be used: %s', async (path, reason) => {
    const running = await startNew({ ACTP_DATA_DIR: path });
    expect(await running.exited).toBe(1);
    expect(running.printed()).toContain(reason);
    expect(running.printed()).toContain('ACTP_DATA_DIR');
    expect(running.printed()).not.toContain(path);
    expect(await readdir(running.root)).toEqual([]);
  });

  it('says what to do when Redis cannot be had, and stops what it had started', async () => {
    // A PATH with what Postgres needs, and no Redis and no package manager.
    const bin = join(first.root, 'bin');
    await mkdir(bin);
    await symlink((await findProgram(['unshare'])) ?? '/bin/false', join(bin, 'unshare'));
    const running = await start({ PATH: bin });
    await running.says('Redis is not installed.\nInstall redis-server');
    running.processes();
    expect(await running.exited).toBe(1);
  });

  it('gives up on an app that never stays up, says why, and stops the rest', async () => {
    const running = await start({ FIXTURE_MODE: 'crash' });
    await running.says('Starting PostgREST');
    running.processes();
    expect(await running.exited).toBe(1);
    expect(running.printed()).toContain('worker keeps crashing:\nthe fixture cannot go on');
  });
});

describe('npm start with stores that run elsewhere', () => {
  it('starts no store of its own, and migrates the database it was given', async () => {
    const own = await start();
    await own.says('is ready');
    const given = await storesOf(own.root);
    const names = 'SUPABASE_URL SUPABASE_SERVICE_ROLE_KEY DATABASE_URL REDIS_URL';
    expect(Object.keys(given).join(' ')).toBe(names);

    const guest = await startPlaneProcess({ ...given, AUDIT_RETENTION_DAYS: '400' });
    await guest.says('is ready');
    expect(await retentionOf(given['DATABASE_URL'] ?? '')).toBe(400);
    // Itself and the two apps.
    expect(guest.processes()).toHaveLength(3);
    expect(guest.printed()).toContain('Applying migrations');
    expect(guest.printed()).not.toContain('Starting Postgres ');
    guest.child.kill('SIGTERM');
    expect(await guest.exited).toBe(0);
    await guest.clean();
    own.child.kill('SIGTERM');
    expect(await own.exited).toBe(0);
    await expect(storesOf(own.root)).rejects.toThrow('No copy runs with this ACTP_DATA_DIR');
  });
});
