import type { Db } from '@actp/db/client';
import type { CronEntry } from '@actp/shared/cron-table';
import { isQueueName, queueNames, specOf, isJobName } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';

export interface SyncDeps {
  db: Db;
  producer: Producer;
  table: readonly CronEntry[];
  tz: string;
}

/**
 * Makes Redis and the database agree with the cron table: one Job Scheduler for each enabled entry, none for what left
 * the table. Upserts only, so that several copies may do it at once, and again at any time (a flushed Redis gets its
 * schedulers back).
 *
 * @throws UnavailableError when Redis or the database does not answer; calling again is safe
 */
export async function syncSchedulers({ db, producer, table, tz }: SyncDeps): Promise<void> {
  const enabled = table.filter((entry) => entry.enabled);
  // First the database: it must know of a tick that it will be asked about.
  await db.call((client) =>
    client.rpc('register_schedules', {
      p_schedules: enabled.map(({ name, pattern }) => ({ name, pattern, tz })),
    }),
  );
  for (const entry of enabled) await upsert(producer, entry, tz);
  for (const name of queueNames) {
    await producer.use(name, async (queue) => {
      for (const scheduler of await queue.getJobSchedulers(0, -1, true)) {
        const kept = enabled.some((e) => e.queue === name && e.name === scheduler.key);
        if (!kept) await queue.removeJobScheduler(scheduler.key);
      }
    });
  }
}

async function upsert(producer: Producer, entry: CronEntry, tz: string): Promise<void> {
  const { name, queue, job, pattern, payload } = entry;
  if (!isQueueName(queue) || !isJobName(job)) {
    throw new Error(`schedule ${name} is enabled, but no worker knows its job`);
  }
  const spec = specOf(job);
  await producer.use(queue, async (q) => {
    const known = await q.getJobScheduler(name);
    const next = known?.next;
    // The same schedule with its next tick in place: an upsert would only move the delayed job about.
    if (known && known.pattern === pattern && known.tz === tz && next !== undefined && next > Date.now()) {
      return;
    }
    await q.upsertJobScheduler(
      name,
      { pattern, tz },
      {
        name: job,
        data: payload,
        opts: {
          attempts: spec.attempts,
          backoff: { type: 'exponential', delay: spec.backoffMs },
        },
      },
    );
  });
}
