import { writeAuditEvents } from '@actp/db/audit/write-events';
import type { Db } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import type { Producer } from '@actp/shared/jobs/producer';
import type { AuditBatcher } from '../audit/batcher.ts';
import type { KillSwitchCache } from '../kill-switch/cache.ts';

export interface DecisionLog {
  /**
   * Keeps the events of one decision; resolves when they are on Redis' disk or rows of the audit log.
   *
   * @throws AppError `unavailable` when the database is unavailable, or nothing takes them: then nothing may be allowed
   */
  write(rows: readonly AuditRow[]): Promise<void>;
}

/**
 * Through the queue, which is several times as fast as a row of one's own (bench/src/guard.bench.ts); straight into the
 * database when the queue is closed, or Redis does not put it on its disk before it answers. Without the database nothing goes on, though the queue would still take it.
 */
export function createDecisionLog(deps: {
  db: Db;
  batcher: AuditBatcher;
  killSwitches: Pick<KillSwitchCache, 'read'>;
  producer: Pick<Producer, 'isDurable'>;
}): DecisionLog {
  const { db, batcher, killSwitches, producer } = deps;
  return {
    async write(rows) {
      await killSwitches.read();
      if (await producer.isDurable()) {
        try {
          return await batcher.add(rows);
        } catch {
          // Below: the same event ids, so one that the queue did take after all is no second event.
        }
      }
      await writeAuditEvents(db, await batcher.redact(rows));
    },
  };
}
