import { messageOf } from '@actp/shared/errors';
import type { ScheduledJob } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import type { Db } from './client.ts';

/**
 * Tells the database what became of the tick that a job was made for, so that the watcher knows it was not missed.
 * Nothing for a job that no scheduler made; a database that is away costs a warning only.
 */
export async function recordTick(
  { db, log }: { db: Db; log: Logger },
  job: ScheduledJob,
  status: 'started' | 'completed' | 'failed',
): Promise<void> {
  // BullMQ keeps the moment that a scheduled job was due in this option, for computing the next one.
  const { repeatJobKey: schedule, opts, id } = job;
  if (schedule === undefined || opts.prevMillis === undefined) return;
  const tick = {
    p_schedule: schedule,
    p_due_at: new Date(opts.prevMillis).toISOString(),
    p_job_id: id ?? '',
    p_status: status,
  };
  try {
    await db.call((client) => client.rpc('record_schedule_run', tick));
  } catch (error) {
    log.warn({ schedule, status, reason: messageOf(error) }, 'a tick could not be recorded');
  }
}
