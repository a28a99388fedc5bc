import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import type { Redis } from 'ioredis';

/** What the figures depend on, as lines to print. */
export async function machineFacts(redis: Redis): Promise<string[]> {
  const info = await redis.info('server');
  const version = /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown';
  const setting = async (name: string) => String(((await redis.config('GET', name)) as string[])[1]);
  return [
    `machine  ${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    `node     ${process.version}`,
    `redis    ${version}, appendonly ${await setting('appendonly')}, appendfsync ${await setting('appendfsync')}`,
  ];
}
