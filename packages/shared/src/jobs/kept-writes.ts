import type { Queue } from 'bullmq';
import type { RedisTarget } from '../redis-target.ts';
import { queueNames, type QueueName } from './catalogue.ts';
import { traceCommands, type Place } from './command-trace.ts';
import { probeQueue } from './probe-redis.ts';
import { openQueueConnection } from './queue-connection.ts';
import { createReplicaWait } from './replica-wait.ts';
import { requiredReplicas } from './required-replicas.ts';

/** Writes that count only when replicas hold them. */
export interface KeptWrites {
  /** @throws AppError `unavailable` when the replicas cannot be had; then the write may be lost */
  write<T>(name: QueueName, work: (queue: Queue) => Promise<T>): Promise<T>;
  /** Writes a little for every queue, wherever it is. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Over a connection of its own, since a connection that waits for replicas answers nothing else meanwhile.
 *
 * @returns undefined where no replica is demanded
 */
export function openKeptWrites(redis: RedisTarget): KeptWrites | undefined {
  const required = requiredReplicas(redis);
  if (required === undefined) return undefined;
  const queues = openQueueConnection(redis);
  queues.connection.on('error', () => undefined); // the producer's connection speaks for Redis
  const trace = traceCommands(queues.connection);
  const replicas = createReplicaWait(required);
  // Over which connection each queue was last written: who is known to lack its replicas is not written to.
  const last = new Map<QueueName, Place>();

  async function kept<T>(name: QueueName, work: () => Promise<T>): Promise<T> {
    const before = last.get(name);
    if (before !== undefined) await replicas.assertPresent(before);
    const { value, places } = await trace(work);
    const [place] = places;
    if (place !== undefined) last.set(name, place);
    await replicas.confirm(places);
    return value;
  }

  return {
    async write(name, work) {
      await queues.connected();
      const queue = await queues.queueOf(name);
      return kept(name, () => work(queue));
    },
    async probe() {
      await queues.connected();
      await Promise.all(queueNames.map((name) => kept(name, () => probeQueue(queues.connection, name))));
    },
    close: () => queues.close(),
  };
}
