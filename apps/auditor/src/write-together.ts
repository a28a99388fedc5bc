import type { AuditRow } from '@actp/shared/audit/event';

export interface WriteTogetherOptions {
  write: (rows: readonly AuditRow[]) => Promise<void>;
  /** Callers there can be at a time: when all of them wait, nothing more can come. */
  callers: number;
  /** How long a small batch waits for others. */
  lingerMs?: number;
}

interface Waiting {
  rows: readonly AuditRow[];
  done: () => void;
  failed: (error: unknown) => void;
}

// Nobody waits for these rows: their events were acknowledged when they came into the queue.
const defaultLingerMs = 20;
// A write of so many costs little more than a write of one, and stays far below what a statement may take.
const maxRows = 100;
// Each write is one transaction; more of them would wait for each other's chain.
const maxWrites = 2;

/**
 * Makes one write of what several jobs bring. Under load most jobs hold one event, and a call, a transaction and a commit for
 * each of them would take half of a small machine; together they also end together, in one write to Redis' disk.
 *
 * @returns a function that resolves when its rows are written; what one write throws, all who shared it hear
 */
export function writeTogether(options: WriteTogetherOptions): (rows: readonly AuditRow[]) => Promise<void> {
  const { write, callers, lingerMs = defaultLingerMs } = options;
  let waiting: Waiting[] = [];
  let writes = 0;
  let timer: NodeJS.Timeout | undefined;

  function next(): Waiting[] {
    let rows = 0;
    const fits = waiting.findIndex((one) => {
      rows += one.rows.length;
      return rows > maxRows;
    });
    const size = fits === -1 ? waiting.length : Math.max(1, fits);
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    return batch;
  }

  async function writeNext(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = next();
    writes += 1;
    try {
      await write(batch.flatMap(({ rows }) => rows));
      for (const { done } of batch) done();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    } finally {
      writes -= 1;
      proceed();
    }
  }

  function proceed(): void {
    if (waiting.length === 0 || writes >= maxWrites) return;
    const rows = waiting.reduce((sum, one) => sum + one.rows.length, 0);
    if (rows >= maxRows || waiting.length >= callers) void writeNext();
    else timer ??= setTimeout(() => void writeNext(), lingerMs);
  }

  return (rows) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ rows, done: resolve, failed: reject });
    proceed();
    return promise;
  };
}
