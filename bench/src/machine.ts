import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import type { Redis } from 'ioredis';

/** What the figures depend on, as lines to print. */
export async function machineFacts(redis: Redis): Promise<string[]> {
  const info = await redis.info('server');
  const version = /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown';
  const appendOnly = (await redis.info('persistence')).includes('aof_enabled:1');
  return [
    `machine  ${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    `node     ${process.version}`,
    `redis    ${version}, ${appendOnly ? 'appendonly yes, appendfsync always' : 'appendonly no'}`,
  ];
}
