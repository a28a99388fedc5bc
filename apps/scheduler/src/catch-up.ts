import type { Db } from '@actp/db/client';
import { isTickOpen } from '@actp/services/schedules/is-tick-open';
import { lastScheduleRuns } from '@actp/services/schedules/last-runs';
import { catchUpJobId, type Tick } from '@actp/services/schedules/run-tick';
import type { CronEntry } from '@actp/shared/cron-table';
import type { Producer } from '@actp/shared/jobs/producer';
import { lastTick } from '@actp/shared/ticks';
import { scheduleJob } from './schedule-job.ts';

export interface CatchUpDeps {
  db: Db;
  producer: Producer;
  table: readonly CronEntry[];
  tz: string;
  /** Milliseconds since the epoch, by the database's clock. */
  now: () => number | Promise<number>;
}

// A job that BullMQ has made on time is taken up within this.
const onTimeMs = 30_000;

/**
 * Adds a job for the last tick of each schedule that nobody has taken up by now, within the time that its entry names. By
 * what the database has recorded, and not by what BullMQ holds: a job can be lost, and one that is merely late, or another
 * copy's, is the same tick, of which only one job gets to run.
 *
 * @returns the ticks that jobs were added for
 */
export async function catchUpRuns({ db, producer, table, tz, now }: CatchUpDeps): Promise<Tick[]> {
  const at = await now();
  const lastRuns = await lastScheduleRuns(db);
  const added: Tick[] = [];
  for (const entry of table) {
    if (!entry.enabled) continue;
    const { name: schedule, pattern, catchUpSeconds } = entry;
    const dueAt = lastTick(pattern, tz, at - onTimeMs);
    if (at - dueAt.getTime() > catchUpSeconds * 1_000) continue;
    const last = lastRuns.find((run) => run.schedule === schedule);
    if (last && last.status !== 'missed' && new Date(last.due_at).getTime() >= dueAt.getTime()) continue;
    const tick = { schedule, dueAt };
    if (!(await isTickOpen(db, tick))) continue;
    const { queue, name, data, opts } = scheduleJob(entry);
    const isNew = await producer.use(queue, async (q) => {
      const jobId = catchUpJobId(tick);
      if ((await q.getJob(jobId)) !== undefined) return false;
      await q.add(name, data, { ...opts, jobId });
      return true;
    });
    if (isNew) added.push(tick);
  }
  return added;
}
