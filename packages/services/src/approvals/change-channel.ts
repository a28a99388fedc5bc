import { approvalChannel } from '@actp/shared/approvals/channel';
import { connectRedis, workerOptions, failFastOptions, type RedisTarget } from '@actp/shared/redis';

export interface ApprovalChangePublisher {
  /** Announces to all processes that an approval changed. Only a hint: whoever misses it finds out from the database. */
  publish(id: string): void;
  close(): void;
}

export function createApprovalChangePublisher(redis: RedisTarget): ApprovalChangePublisher {
  const publisher = connectRedis(redis, failFastOptions);
  publisher.on('error', () => undefined); // the producer's connection speaks for Redis
  return {
    publish: (id) => void publisher.publish(approvalChannel, id).catch(() => undefined),
    close: () => publisher.disconnect(),
  };
}

/**
 * Calls `onChange` with the id of every approval that a process announces. A message can get lost.
 *
 * @returns a function that ends it
 */
export function followApprovalChanges(redis: RedisTarget, onChange: (id: string) => void): () => void {
  const subscriber = connectRedis(redis, { ...workerOptions, autoResubscribe: false });
  subscriber.on('error', () => undefined); // the producer's connection speaks for Redis
  // ioredis' own way of doing it again leaves a rejection to nobody when the connection is closed in that moment.
  subscriber.on('ready', () => void subscriber.subscribe(approvalChannel).catch(() => undefined));
  subscriber.on('message', (_channel: string, id: string) => onChange(id));
  return () => subscriber.disconnect();
}
