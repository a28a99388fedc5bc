import type { Db } from '@actp/db/client';
import { hintNotification } from '@actp/services/notifications/hint';
import { reapRuns } from '@actp/services/self-test/reap-runs';
import type { CronEntry } from '@actp/shared/cron-table';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { repeat } from '@actp/shared/repeat';
import { catchUpRuns } from './catch-up.ts';
import { findMissedRuns } from './missed-runs.ts';
import { syncSchedulers } from './sync-schedulers.ts';

export interface KeepSchedulesDeps {
  db: Db;
  producer: Producer;
  log: Logger;
  table: readonly CronEntry[];
  tz: string;
  /** Milliseconds since the epoch, by the database's clock. */
  now: () => number | Promise<number>;
  timings?: ScheduleTimings;
}

interface ScheduleTimings {
  /** How often Redis is made to agree with the cron table, and ticks that nobody took up are caught up. */
  syncMs: number;
  /** How often it is looked for runs that were missed, and self-tests that were abandoned. */
  watchMs: number;
}

// A flushed Redis has its schedulers back, and a missed run is noticed, within these.
const defaultTimings: ScheduleTimings = { syncMs: 15_000, watchMs: 60_000 };

/**
 * Has every schedule of the cron table run: keeps their schedulers in Redis, catches up what nobody took up, and tells people what was
 * missed.
 *
 * @returns a function that ends it
 */
export function keepSchedules({
  timings = defaultTimings,
  log,
  ...deps
}: KeepSchedulesDeps): () => Promise<void> {
  const { db, producer } = deps;
  const stopSync = repeat(log, timings.syncMs, async () => {
    await syncSchedulers(deps);
    for (const { schedule, dueAt } of await catchUpRuns(deps)) {
      log.warn({ schedule, due_at: dueAt.toISOString() }, 'tick not taken up, catching up');
    }
  });
  const stopWatch = repeat(log, timings.watchMs, async () => {
    const missed = await findMissedRuns(deps);
    for (const notification_id of missed) {
      log.warn({ notification_id }, 'scheduled run missed');
      await hintNotification({ producer, log }, notification_id);
    }
    const reaped = await reapRuns(db);
    if (reaped > 0) log.warn({ reaped }, 'abandoned self-test runs ended');
  });
  return async () => {
    await Promise.all([stopSync(), stopWatch()]);
  };
}
