import { connectRedis, workerOptions, failFastOptions, type RedisTarget } from '@actp/shared/redis';

export interface ChangePublisher {
  /** Announces to all processes that something changed. Only a hint: whoever misses it finds out from the database. */
  publish(id: string): void;
  close(): void;
}

export function createChangePublisher(redis: RedisTarget, channel: string): ChangePublisher {
  const publisher = connectRedis(redis, failFastOptions);
  publisher.on('error', () => undefined); // the producer's connection speaks for Redis
  return {
    publish: (id) => void publisher.publish(channel, id).catch(() => undefined),
    close: () => publisher.disconnect(),
  };
}

/**
 * Calls `onChange` with the id of everything that a process announces on the channel. A message can get lost.
 *
 * @returns a function that ends it
 */
export function followChanges(
  redis: RedisTarget,
  channel: string,
  onChange: (id: string) => void,
): () => void {
  const subscriber = connectRedis(redis, { ...workerOptions, autoResubscribe: false });
  subscriber.on('error', () => undefined); // the producer's connection speaks for Redis
  // ioredis' own way of doing it again leaves a rejection to nobody when the connection is closed in that moment.
  subscriber.on('ready', () => void subscriber.subscribe(channel).catch(() => undefined));
  subscriber.on('message', (_: string, id: string) => onChange(id));
  return () => subscriber.disconnect();
}
