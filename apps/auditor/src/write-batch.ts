import { randomUUID } from 'node:crypto';
import { writeAuditEvents } from '@actp/db/audit/write-events';
import { DbError, type Db } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import { UnavailableError } from '@actp/shared/errors';
import type { Payload } from '@actp/shared/jobs/catalogue';
import { JobDeferred } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import { writeTogether } from './write-together.ts';

// An event was acknowledged: it waits for the database as long as it takes.
const awayMs = 2_000;

/**
 * `write-audit-events`: what several jobs bring in one call. What the database refuses is found by halving, so that one bad
 * event cannot keep the others out; it leaves an event of its own that says so.
 *
 * @param concurrency jobs that the worker takes at a time
 */
export function createWriteBatch({ db, log, concurrency }: { db: Db; log: Logger; concurrency: number }) {
  async function write(rows: readonly AuditRow[]): Promise<void> {
    try {
      await writeAuditEvents(db, rows);
    } catch (error) {
      if (error instanceof UnavailableError) throw new JobDeferred(awayMs);
      if (!isRefusal(error)) throw error;
      const [only] = rows;
      if (rows.length === 1 && only) return refuse(only, error);
      const half = Math.ceil(rows.length / 2);
      await write(rows.slice(0, half));
      await write(rows.slice(half));
    }
  }

  async function refuse(row: AuditRow, error: DbError): Promise<void> {
    log.error({ event_id: row.event_id, sql_state: error.sqlState }, 'database rejected an audit event');
    const { event_id, request_id } = row;
    await writeAuditEvents(db, [
      {
        event_id: randomUUID(),
        agent_id: 'auditor',
        action_type: 'security.audit_event_refused',
        status: 'error',
        result: { event_id, request_id: request_id ?? null, sql_state: error.sqlState },
        source: 'plane',
      },
    ]);
  }

  const together = writeTogether({
    callers: concurrency,
    async write(rows) {
      const started = performance.now();
      await write(rows);
      log.info({ events: rows.length, ms: Math.round(performance.now() - started) }, 'audit events');
    },
  });
  return async ({ events }: Payload<'write-audit-events'>) => {
    await together(events);
    return {};
  };
}

// Data that does not fit, or is too much for one statement. Two transactions with the same new id (23505) are not: the
// job runs again and finds it known.
function isRefusal(error: unknown): error is DbError {
  return error instanceof DbError && /^(?:22|23(?!505)|54)/.test(error.sqlState);
}
