import { writeAuditEvents } from '@actp/db/audit/write-events';
import type { Db } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import type { Logger } from '@actp/shared/log';
import type { AuditBatcher } from './batcher.ts';

export interface AuditWriter {
  /**
   * Writes the event of something that must not happen without it; resolves when it is on Redis' disk or a row.
   *
   * @throws AppError `unavailable` when neither store takes it
   */
  record(row: AuditRow): Promise<void>;
  /** Writes an event of the plane's own: through the queue, or straight into the database when that is closed. */
  write(row: AuditRow): Promise<void>;
  /** The same, for those who do not wait. */
  writeLater(row: AuditRow): void;
  /** Resolves when all of them are written. */
  settled(): Promise<void>;
}

/** `write` and `writeLater` never throw: an event that neither store takes goes to the log, whole. */
export function createAuditWriter(deps: { batcher: AuditBatcher; db: Db; log: Logger }): AuditWriter {
  const { batcher, db, log } = deps;
  const underWay = new Set<Promise<void>>();

  async function record(row: AuditRow): Promise<void> {
    try {
      await batcher.add([row]);
    } catch {
      await writeAuditEvents(db, await batcher.redact([row]));
    }
  }

  async function write(row: AuditRow): Promise<void> {
    await record(row).catch((error: unknown) => {
      log.error({ audit_event: row, err: error }, 'audit event not recorded');
    });
  }

  return {
    record,
    write,
    writeLater(row) {
      const work = write(row).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
