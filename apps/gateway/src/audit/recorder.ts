import { writeAuditEvents } from '@actp/db/audit/write-events';
import type { Db } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import { redactEvent } from '@actp/shared/audit/redact-event';
import type { Logger } from '@actp/shared/log';
import type { AuditIntake } from './intake.ts';

export interface AuditRecorder {
  /** Records an event of the gateway's own: through the queue, or straight into the database when that is closed. */
  record(row: AuditRow): Promise<void>;
  /** The same, for those who do not wait. */
  note(row: AuditRow): void;
  /** Resolves when everything noted is recorded. */
  settled(): Promise<void>;
}

/** Never throws: an event that neither store takes goes to the log, whole. */
export function createAuditRecorder(deps: { intake: AuditIntake; db: Db; log: Logger }): AuditRecorder {
  const { intake, db, log } = deps;
  const underWay = new Set<Promise<void>>();

  async function record(row: AuditRow): Promise<void> {
    try {
      await intake.accept([row]);
    } catch {
      await writeAuditEvents(db, [redactEvent(row)]).catch((error: unknown) => {
        log.error({ audit_event: row, err: error }, 'an audit event could not be recorded');
      });
    }
  }

  return {
    record,
    note(row) {
      const work = record(row).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
