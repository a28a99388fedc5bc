import type { Db } from '@actp/db/client';
import { lastScheduleRuns } from '@actp/services/schedules/last-runs';
import { recordMissedRun } from '@actp/services/schedules/record-missed-run';
import type { CronEntry } from '@actp/shared/cron-table';
import { lastTick } from '@actp/shared/ticks';

export interface MissedRunsDeps {
  db: Db;
  table: readonly CronEntry[];
  tz: string;
  /** Milliseconds since the epoch, by the database's clock; tests choose the hour. */
  now: () => number | Promise<number>;
}

// A run that starts this late is as good as missed: its people have been told by then.
const graceMs = 10 * 60_000;

/**
 * Compares the cron table with what the database says has run, and leaves an alert for the last tick of each schedule
 * that nobody took up. Independent of BullMQ on purpose: a scheduler makes its next job only when the last one starts,
 * so a queue that is stuck or empty looks like one with nothing to do.
 *
 * @returns ids of the notifications that were made (at most one per tick, however often this runs)
 */
export async function findMissedRuns({ db, table, tz, now }: MissedRunsDeps): Promise<string[]> {
  const lastRuns = await lastScheduleRuns(db);
  const at = await now();
  const made: string[] = [];
  for (const { name, pattern, enabled } of table) {
    if (!enabled) continue;
    const dueAt = lastTick(pattern, tz, at - graceMs);
    const last = lastRuns.find((run) => run.schedule === name);
    if (last && new Date(last.due_at).getTime() >= dueAt.getTime()) continue;
    const id = await recordMissedRun(
      db,
      { schedule: name, dueAt },
      `Missed: ${name} was due at ${dueAt.toISOString()} and did not start. Check that the plane and its workers are running.`,
    );
    if (id !== null) made.push(id);
  }
  return made;
}
