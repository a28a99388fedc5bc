import type { Db } from '@actp/db/client';
import { recordPoll } from '@actp/services/telegram/updates';
import type { Logger } from '@actp/shared/log';

/**
 * Updates that had waited while nobody fetched any. Nobody knows how old they are, so a yes among them may be one that its
 * author has long given up.
 */
export interface Backlog {
  /** To be asked before fetching, and told after it: true when what waits at Telegram now may be old. */
  polled(): Promise<boolean>;
  /** These were among it. */
  add(updateIds: readonly number[]): void;
  has(updateId: number): boolean;
}

// Longer than a long poll and a pause after a failure together; and how late a yes may be at most.
const gapSeconds = 60;
// Only the batch that is being handled matters.
const remembered = 1_000;

export function createBacklog({ db, log }: { db: Db; log: Logger }): Backlog {
  const ids = new Set<number>();
  return {
    async polled() {
      try {
        return await recordPoll(db, gapSeconds);
      } catch (error) {
        log.debug({ err: error }, 'last poll time unknown');
        return true;
      }
    },
    add(updateIds) {
      for (const id of updateIds) ids.add(id);
      for (const id of ids) if (ids.size > remembered) ids.delete(id);
    },
    has: (updateId) => ids.has(updateId),
  };
}
