import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import { Queue } from 'bullmq';
import { Hono } from 'hono';
import { UnavailableError } from '@actp/shared/errors';
import { prefixOf, queueNames } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';
import { connectRedis, promptOptions, type RedisTarget } from '@actp/shared/redis';

export const boardPath = '/dashboard';

export interface Board {
  /** Answers a request below `/dashboard`. Throws UnavailableError while Redis is away. */
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Bull Board over every queue. Its queues are made at the first visit, when Redis is there: BullMQ never recovers a
 * queue whose first contact failed.
 */
export function createBoard(deps: { redis: RedisTarget; producer: Producer }): Board {
  const connection = connectRedis(deps.redis, promptOptions);
  connection.on('error', () => undefined); // the producer's connection speaks for Redis
  let board: Promise<{ app: Hono; queues: Queue[] }> | undefined;

  const make = async () => {
    const queues = queueNames.map((name) => new Queue(name, { connection, prefix: prefixOf(name) }));
    for (const queue of queues) queue.on('error', () => undefined);
    await Promise.all(queues.map((queue) => queue.waitUntilReady()));
    const adapter = new HonoAdapter(serveStatic);
    adapter.setBasePath(boardPath);
    createBullBoard({
      queues: queues.map((queue) => new BullMQAdapter(queue)),
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: 'actp-worker' } },
    });
    return { app: new Hono().route(boardPath, adapter.registerPlugin()), queues };
  };

  return {
    async fetch(request) {
      await deps.producer.ping();
      board ??= make();
      try {
        const { app } = await board;
        return await app.fetch(request);
      } catch (error) {
        board = undefined;
        throw new UnavailableError('redis', { cause: error });
      }
    },
    async close() {
      const made = await board?.catch(() => undefined);
      await Promise.allSettled(made?.queues.map((queue) => queue.close()) ?? []);
      connection.disconnect();
    },
  };
}
