import { approvalChannel } from '@actp/shared/approvals/channel';
import { connectRedis, failFastOptions, type RedisTarget } from '@actp/shared/redis';

/** Something of ours that has work after a change. */
export interface Sleeper {
  wake(): void;
}

export interface ChangeSignal {
  /** An approval changed: tells those who wait for it, everywhere, and whoever has work now. */
  changed(id: string): void;
  /** Something may be due. */
  look(): void;
  close(): void;
}

/** Hints only: who misses one finds out from the database. */
export function createChangeSignal(deps: { redis: RedisTarget; sleepers: readonly Sleeper[] }): ChangeSignal {
  const publisher = connectRedis(deps.redis, failFastOptions);
  publisher.on('error', () => undefined); // the producer's connection speaks for Redis
  const look = () => {
    for (const sleeper of deps.sleepers) sleeper.wake();
  };
  return {
    changed(id) {
      publisher.publish(approvalChannel, id).catch(() => undefined);
      look();
    },
    look,
    close: () => publisher.disconnect(),
  };
}
