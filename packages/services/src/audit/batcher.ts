import { setTimeout as delay } from 'node:timers/promises';
import { maxEvents, type AuditRow } from '@actp/shared/audit/event';
import { redactEvent } from '@actp/shared/audit/redact-event';
import { AppError } from '@actp/shared/errors';
import type { Payload, WrittenEvents } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';

export interface AuditBatcher {
  /**
   * Takes events; resolves when they are in Redis, and so on its disk.
   *
   * @throws AppError `unavailable` when Redis is away or the queue is too long; then nothing was acknowledged
   */
  add(rows: readonly AuditRow[]): Promise<void>;
  /** The same for rows of a large body: redacted already, and written as JSON. */
  addWritten(json: string): Promise<void>;
  /** Takes secrets out of rows, without holding up others when they are large. */
  redact(rows: readonly AuditRow[]): Promise<readonly AuditRow[]>;
}

export interface AuditBatcherDeps {
  producer: Pick<Producer, 'add' | 'use'>;
  /** Jobs that may wait; beyond that callers hear 503. */
  maxJobs: number;
  /** Takes secrets out of rows that are not small. @param size characters of all their texts */
  redactRows: (rows: readonly AuditRow[], size: number) => Promise<readonly AuditRow[]>;
}

// What is taken out of so many characters at once takes less time than a turn of the event loop.
const smallSize = 32_768;

interface Waiting {
  rows: readonly AuditRow[];
  bytes: number;
  done: () => void;
  failed: (error: unknown) => void;
}

// As much as one request may bring.
const maxJobBytes = 4_194_304;
// How long the length of the queue is believed.
const lengthMs = 250;
const busySeconds = 5;
// Among many callers each waits this long for the others: a larger job is less work for everybody behind it.
const lingerMs = 2;

/**
 * Makes one job of what many callers bring: while one is being added, events are collected for the next. So a caller alone
 * waits for nobody, and many share one write to Redis' disk.
 *
 * @param now milliseconds on a clock that never goes back
 */
export function createAuditBatcher(
  { producer, maxJobs, redactRows }: AuditBatcherDeps,
  now = () => performance.now(),
): AuditBatcher {
  let waiting: Waiting[] = [];
  let adding = false;
  let length = 0;
  let lengthAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function askLength(): Promise<void> {
    try {
      const counts = await producer.use('audit', (queue) =>
        queue.getJobCounts('waiting', 'delayed', 'active'),
      );
      length = Object.values(counts).reduce((sum, n) => sum + n, 0);
      lengthAt = now();
    } finally {
      asking = undefined;
    }
  }

  async function assertRoom(): Promise<void> {
    const age = now() - lengthAt;
    if (age > lengthMs) {
      asking ??= askLength();
      // Under load the next answer is on its way while the last one still counts, so that nobody waits for it.
      if (age > 2 * lengthMs) await asking;
      else asking.catch(() => undefined);
    }
    if (length < maxJobs) return;
    throw new AppError('unavailable', 'too many audit events wait to be written', {
      retryAfter: busySeconds,
    });
  }

  function nextJob(): Waiting[] {
    let events = 0;
    let bytes = 0;
    const fits = waiting.findIndex((one) => {
      events += one.rows.length;
      bytes += one.bytes;
      return events > maxEvents || bytes > maxJobBytes;
    });
    // One that is too large alone is a job of its own.
    const size = fits === -1 ? waiting.length : Math.max(1, fits);
    const job = waiting.slice(0, size);
    waiting = waiting.slice(size);
    return job;
  }

  async function addAll(): Promise<void> {
    adding = true;
    let callers = 1;
    while (waiting.length > 0) {
      if (callers > 1 || waiting.length > 1) await delay(lingerMs);
      const job = nextJob();
      callers = job.length;
      try {
        await assertRoom();
        // Each event was checked where it came in, or is of our own making; the auditor checks them all once more.
        await producer.add(
          'write-audit-events',
          { events: job.flatMap(({ rows }) => rows) },
          { checked: true },
        );
        length += 1;
        for (const { done } of job) done();
      } catch (error) {
        for (const { failed } of job) failed(error);
      }
    }
    adding = false;
  }

  return {
    add(rows) {
      const size = sizeOf(rows);
      if (size <= smallSize) return enqueue(rows.map(redactEvent), size);
      return redactRows(rows, size).then((clean) => enqueue(clean, sizeOf(clean)));
    },
    async addWritten(json) {
      await assertRoom();
      const written: WrittenEvents = { events_json: json };
      // The schema of this job reads both forms.
      await producer.add('write-audit-events', written as unknown as Payload<'write-audit-events'>, {
        checked: true,
      });
      length += 1;
    },
    async redact(rows) {
      const size = sizeOf(rows);
      return size <= smallSize ? rows.map(redactEvent) : redactRows(rows, size);
    },
  };

  function enqueue(rows: readonly AuditRow[], size: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ rows, bytes: size + bytesBeside * rows.length, done: resolve, failed: reject });
    if (!adding) void addAll();
    return promise;
  }
}

// What a row measures beside what can be large, roughly.
const bytesBeside = 1_024;

/** Characters of what can be large in rows. */
function sizeOf(rows: readonly AuditRow[]): number {
  return rows.reduce(
    (sum, { error, result }) =>
      sum + (error?.length ?? 0) + (result === undefined ? 0 : JSON.stringify(result).length),
    0,
  );
}
