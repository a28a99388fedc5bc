import { randomUUID } from 'node:crypto';
import { writeAuditEvents } from '@actp/db/audit/write-events';
import { DbError, type Db } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import { UnavailableError } from '@actp/shared/errors';
import type { Payload, Result } from '@actp/shared/jobs/catalogue';
import { NotYet } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';

// An event was acknowledged: it waits for the database as long as it takes.
const awayMs = 2_000;

/**
 * `write-audit-events`: a batch in one call. What the database refuses is found by halving, so that one bad event cannot
 * keep the others out; it leaves an event of its own that says so.
 */
export function createWriteBatch({ db, log }: { db: Db; log: Logger }) {
  async function write(rows: readonly AuditRow[]): Promise<Result<'write-audit-events'>> {
    try {
      return { ...(await writeAuditEvents(db, rows)), refused: 0 };
    } catch (error) {
      if (error instanceof UnavailableError) throw new NotYet(awayMs);
      if (!isRefusal(error)) throw error;
      const [only] = rows;
      if (rows.length === 1 && only) return refuse(only, error);
      const half = Math.ceil(rows.length / 2);
      const [first, second] = [await write(rows.slice(0, half)), await write(rows.slice(half))];
      return {
        written: first.written + second.written,
        known: first.known + second.known,
        refused: first.refused + second.refused,
      };
    }
  }

  async function refuse(row: AuditRow, error: DbError): Promise<Result<'write-audit-events'>> {
    log.error({ event_id: row.event_id, sql_state: error.sqlState }, 'the database refuses an audit event');
    const { event_id, request_id } = row;
    await writeAuditEvents(db, [
      {
        event_id: randomUUID(),
        agent_id: 'auditor',
        action_type: 'security.audit_event_refused',
        status: 'error',
        result: { event_id, request_id: request_id ?? null, sql_state: error.sqlState },
      },
    ]);
    return { written: 0, known: 0, refused: 1 };
  }

  return ({ events }: Payload<'write-audit-events'>) => write(events);
}

// Data that does not fit, or is too much for one statement. Two transactions with the same new id (23505) are not: the
// job runs again and finds it known.
function isRefusal(error: unknown): error is DbError {
  return error instanceof DbError && /^(?:22|23(?!505)|54)/.test(error.sqlState);
}
