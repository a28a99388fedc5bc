import { UnavailableError } from '../errors.ts';
import { canaryJob, type QueueName } from './catalogue.ts';
import type { Producer } from './producer.ts';

const pollMs = 20;

/**
 * Sends a canary through a queue and waits until a worker has taken it: a PING says that Redis lives, only this says
 * that the queue is consumed.
 *
 * @param withinMs how long the worker has
 * @returns milliseconds from adding it to its end
 * @throws UnavailableError when Redis is away or nobody consumed it in time
 */
export async function sendCanary(producer: Producer, queue: QueueName, withinMs: number): Promise<number> {
  const started = performance.now();
  return producer.use(queue, async (q) => {
    const job = await q.add(
      canaryJob,
      {},
      // In front of the others, and gone when done: "unknown" then means consumed.
      { lifo: true, removeOnComplete: true, removeOnFail: true },
    );
    while (performance.now() - started < withinMs) {
      if ((await job.getState()) === 'unknown') return performance.now() - started;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    await job.remove().catch(() => undefined); // taken at this very moment: it removes itself
    throw new UnavailableError(`the worker of queue ${queue}`);
  });
}
