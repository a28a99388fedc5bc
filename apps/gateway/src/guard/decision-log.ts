import { writeAuditEvents } from '@actp/db/audit/write-events';
import type { Db } from '@actp/db/client';
import { maxEvents, type AuditRow } from '@actp/shared/audit/event';
import { redactEvent } from '@actp/shared/audit/redact-event';

export interface DecisionLog {
  /**
   * Writes the events of one decision; resolves when they are rows of the audit log.
   *
   * @throws AppError `unavailable` when the database does not take them: then nothing may be allowed
   */
  write(rows: readonly AuditRow[]): Promise<void>;
}

interface Waiting {
  rows: readonly AuditRow[];
  done: () => void;
  failed: (error: unknown) => void;
}

// While these are under way, decisions are collected for the next: a caller alone waits for nobody.
const maxWrites = 2;

/** Many callers' decisions share one insert. Straight into the database, since without it nothing is allowed anyway. */
export function createDecisionLog({ db }: { db: Db }): DecisionLog {
  let waiting: Waiting[] = [];
  let writing = 0;

  function take(): Waiting[] {
    let events = 0;
    const fits = waiting.findIndex(({ rows }) => (events += rows.length) > maxEvents);
    const taken = fits === -1 ? waiting : waiting.slice(0, fits);
    waiting = fits === -1 ? [] : waiting.slice(fits);
    return taken;
  }

  async function writeAll(): Promise<void> {
    writing += 1;
    while (waiting.length > 0) {
      const taken = take();
      try {
        await writeAuditEvents(
          db,
          taken.flatMap(({ rows }) => rows),
        );
        for (const { done } of taken) done();
      } catch (error) {
        // Who came meanwhile has waited as long already; another attempt would make it longer than a caller waits.
        for (const { failed } of [...taken, ...waiting]) failed(error);
        waiting = [];
      }
    }
    writing -= 1;
  }

  return {
    write(rows) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ rows: rows.map(redactEvent), done: resolve, failed: reject });
      if (writing < maxWrites) void writeAll();
      return promise;
    },
  };
}
