import type { Cluster, Redis } from 'ioredis';
import { Queue } from 'bullmq';
import { UnavailableError } from '../errors.ts';
import { connectRedis, failFastOptions, type RedisTarget } from '../redis.ts';
import { repeatStrategy } from '../ticks.ts';
import { prefixOf, type QueueName } from './catalogue.ts';

/** One connection to Redis, and the queues that are reached over it. */
export interface QueueConnection {
  connection: Redis | Cluster;
  /** Waits for a connection that is just being made. @throws UnavailableError for one that was refused */
  connected(): Promise<void>;
  queueOf(name: QueueName): Promise<Queue>;
  close(): Promise<void>;
}

export function openQueueConnection(redis: RedisTarget): QueueConnection {
  const connection = connectRedis(redis, failFastOptions);
  let handshake: Promise<void> | undefined;
  const open = new Map<QueueName, Promise<Queue>>();

  return {
    connection,
    connected() {
      if (connection.status === 'ready') return Promise.resolve();
      if (connection.status !== 'connecting' && connection.status !== 'connect') {
        return Promise.reject(new UnavailableError('redis'));
      }
      handshake ??= new Promise<void>((resolve, reject) => {
        const done = () => {
          connection.off('ready', done).off('close', done);
          handshake = undefined;
          if (connection.status === 'ready') resolve();
          else reject(new UnavailableError('redis'));
        };
        connection.on('ready', done).on('close', done);
      });
      return handshake;
    },
    // BullMQ never recovers a queue whose first contact failed, so one is made only when Redis is there, and thrown
    // away when making it fails.
    queueOf(name) {
      const known = open.get(name);
      if (known) return known;
      // How long finished jobs are kept is said by the worker, for the queue as a whole.
      const queue = new Queue(name, { connection, prefix: prefixOf(name), settings: { repeatStrategy } });
      queue.on('error', () => undefined); // the connection's own listener speaks
      const ready = queue.waitUntilReady().then(
        () => queue,
        async (error: unknown) => {
          open.delete(name);
          await queue.close();
          throw error;
        },
      );
      open.set(name, ready);
      return ready;
    },
    async close() {
      await Promise.allSettled([...open.values()].map(async (queue) => (await queue).close()));
      connection.disconnect();
    },
  };
}
