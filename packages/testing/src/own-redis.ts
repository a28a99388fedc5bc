import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { redisAdminUrl } from '@actp/embedded/addresses';
import { ownPort } from './own-port.ts';
import { startRedis, type Redis } from '@actp/embedded/redis';
import { atEnd } from './at-end.ts';

/** A Redis of one test file's own, to be taken away and given back. */
export interface OwnRedis {
  /** As an app's environment names it; stays the same over outages. */
  env: { REDIS_URL: string; REDIS_CLUSTER_NODES: [] };
  /** For those who empty it or change its settings, which the plane's own user may not. */
  adminUrl: string;
  /** Kills it (SIGKILL) and leaves it dead. */
  kill(): Promise<void>;
  /** Starts it again on its port, with what its append-only file holds. */
  start(): Promise<void>;
  /** Holds it (SIGSTOP): connections stay open and nothing answers. */
  hold(): void;
  release(): void;
}

/**
 * @param options.started false: away at first
 * @param options.appendOnly false: keeps nothing on disk
 */
export async function openOwnRedis({ started = true, appendOnly = true } = {}): Promise<OwnRedis> {
  const dataDir = await mkdtemp(join(tmpdir(), 'actp-redis-'));
  const password = 'password-of-a-redis-in-tests';
  const adminPassword = 'password-of-its-admin-in-tests';
  const port = await ownPort();
  let running: Redis | undefined;

  const signal = (name: NodeJS.Signals) => {
    const pid = running?.pid();
    if (pid !== undefined) process.kill(pid, name);
  };
  const redis: OwnRedis = {
    env: { REDIS_URL: `redis://:${password}@127.0.0.1:${port}`, REDIS_CLUSTER_NODES: [] },
    adminUrl: redisAdminUrl(port, adminPassword),
    async kill() {
      await running?.stop(true);
      running = undefined;
    },
    async start() {
      running ??= await startRedis({ dataDir, password, adminPassword, appendOnly, port });
    },
    hold: () => signal('SIGSTOP'),
    release: () => signal('SIGCONT'),
  };
  atEnd(async () => {
    await redis.kill();
    await rm(dataDir, { recursive: true, force: true });
  });
  if (started) await redis.start();
  return redis;
}
