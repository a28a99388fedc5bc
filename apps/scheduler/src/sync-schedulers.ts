import type { Db } from '@actp/db/client';
import { databaseClock } from '@actp/db/database-clock';
import { registerSchedules } from '@actp/services/schedules/register';
import type { CronEntry } from '@actp/shared/cron-table';
import { queueNames } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';
import { nextTick } from '@actp/shared/ticks';
import { scheduleJob } from './schedule-job.ts';

export interface SyncDeps {
  db: Db;
  producer: Producer;
  table: readonly CronEntry[];
  tz: string;
  /** Milliseconds since the epoch; by default the database's clock. */
  now?: () => number | Promise<number>;
}

/**
 * Makes Redis and the database agree with the cron table: one Job Scheduler for each enabled entry, none for what left
 * the table. Upserts only, so that several copies may do it at once, and again at any time (a flushed Redis gets its
 * schedulers back). What is due next is said by the database's clock: the processes' clocks differ.
 *
 * @throws UnavailableError when Redis or the database is unavailable; calling again is safe
 */
export async function syncSchedulers(deps: SyncDeps): Promise<void> {
  const { db, producer, table, tz, now = () => databaseClock(db) } = deps;
  const enabled = table.filter((entry) => entry.enabled);
  // First the database: it must know of a tick that it will be asked about.
  await registerSchedules(db, enabled, tz);
  const at = await now();
  for (const entry of enabled) await upsert(producer, entry, tz, at);
  for (const name of queueNames) {
    await producer.use(name, async (queue) => {
      for (const scheduler of await queue.getJobSchedulers(0, -1, true)) {
        const kept = enabled.some((e) => e.queue === name && e.name === scheduler.key);
        if (!kept) await queue.removeJobScheduler(scheduler.key);
      }
    });
  }
}

// What has become of a job that will not run any more.
const over = ['unknown', 'completed', 'failed'];

async function upsert(producer: Producer, entry: CronEntry, tz: string, now: number): Promise<void> {
  const { name, pattern } = entry;
  const { queue, name: job, data, opts } = scheduleJob(entry);
  const wanted = nextTick(pattern, tz, now);
  await producer.use(queue, async (q) => {
    const known = await q.getJobScheduler(name);
    if (known && known.pattern === pattern && known.tz === tz) {
      // The same schedule with its next tick in place: an upsert would only move the delayed job about.
      if (known.next === wanted) return;
      // A tick that is due and waits for its worker: an upsert would throw it away.
      if (known.next !== undefined && known.next <= now) {
        const state = await q.getJobState(`repeat:${name}:${known.next}`);
        if (!over.includes(state)) return;
      }
      // BullMQ counts from its process' clock or from the start date, whichever is later: this process is ahead of the tick, and
      // would leave it out.
      if (wanted <= Date.now()) return;
    }
    // A worker that is ahead has taken it already; BullMQ does not make it twice.
    if (known?.next !== wanted && (await q.getJob(`repeat:${name}:${wanted}`)) !== undefined) return;
    await q.upsertJobScheduler(name, { pattern, tz, startDate: now }, { name: job, data, opts });
  });
}
