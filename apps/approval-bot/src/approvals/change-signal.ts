import { createChangePublisher, followChanges } from '@actp/services/changes/channel';
import { approvalChannel } from '@actp/shared/approvals/channel';
import type { RedisTarget } from '@actp/shared/redis';

/** Something in this process that has work after a change. */
export interface Wakeable {
  wake(): void;
}

export interface ChangeSignal {
  /** An approval changed: notifies everyone who waits for it, in all processes, and wakes what has work now. */
  changed(id: string): void;
  close(): void;
}

/** Hints only: who misses one finds out from the database. */
export function createChangeSignal(deps: {
  redis: RedisTarget;
  wakeable: Wakeable | undefined;
}): ChangeSignal {
  const { redis, wakeable } = deps;
  const changes = createChangePublisher(redis, approvalChannel);
  const stopFollowing = wakeable && followChanges(redis, approvalChannel, () => wakeable.wake());
  return {
    changed(id) {
      changes.publish(id);
      wakeable?.wake();
    },
    close() {
      stopFollowing?.();
      changes.close();
    },
  };
}
