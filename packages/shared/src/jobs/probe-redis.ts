import { AppError } from '../errors.ts';
import type { connectRedis } from '../redis.ts';
import { prefixOf, type QueueName } from './catalogue.ts';

const keptSeconds = 60;

// How Redis begins a refusal, and what it means for the plane.
const meanings: ReadonlyArray<readonly [code: RegExp, message: string]> = [
  [/^OOM/, 'redis is full and takes no writes'],
  [/^READONLY/, 'redis is a replica and takes no writes'],
  [/^MISCONF/, 'redis cannot write to its disk and takes no writes'],
  [/^NOREPLICAS/, 'redis has too few replicas and takes no writes'],
  [/^CLUSTERDOWN/, 'the redis cluster is not whole'],
  [/^LOADING/, 'redis is loading its data'],
  [/^NOPERM/, 'redis refuses this user the rights that are needed'],
  [/^(?:NOAUTH|WRONGPASS)/, 'redis does not let us in'],
];

/**
 * Writes where jobs are written: a Redis that is full, read-only or without its disk still answers a PING.
 *
 * @throws AppError `unavailable` that says what is wrong, where Redis itself has refused
 */
export const probeRedis = (connection: ReturnType<typeof connectRedis>): Promise<void> =>
  probeQueue(connection, 'selftest');

/** The same where a certain queue is: in a cluster each may be on another server. */
export async function probeQueue(
  connection: ReturnType<typeof connectRedis>,
  queue: QueueName,
): Promise<void> {
  try {
    await connection.set(`${prefixOf(queue)}:probe`, Date.now(), 'EX', keptSeconds);
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    const [, message] = meanings.find(([code]) => code.test(text)) ?? [];
    throw message === undefined
      ? error
      : new AppError('unavailable', message, { cause: error, retryAfter: 2 });
  }
}
