import { approvalChannel } from '@actp/shared/approvals/channel';
import { connectRedis, failFastOptions, type RedisTarget } from '@actp/shared/redis';

/** Something in this process that has work after a change. */
export interface Wakeable {
  wake(): void;
}

export interface ChangeSignal {
  /** An approval changed: notifies everyone who waits for it, in all processes, and wakes what has work now. */
  changed(id: string): void;
  /** Something may be due. */
  wakeAll(): void;
  close(): void;
}

/** Hints only: who misses one finds out from the database. */
export function createChangeSignal(deps: {
  redis: RedisTarget;
  wakeables: readonly Wakeable[];
}): ChangeSignal {
  const publisher = connectRedis(deps.redis, failFastOptions);
  publisher.on('error', () => undefined); // the producer's connection speaks for Redis
  const wakeAll = () => {
    for (const wakeable of deps.wakeables) wakeable.wake();
  };
  return {
    changed(id) {
      publisher.publish(approvalChannel, id).catch(() => undefined);
      wakeAll();
    },
    wakeAll,
    close: () => publisher.disconnect(),
  };
}
