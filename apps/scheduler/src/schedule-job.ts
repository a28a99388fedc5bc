import type { CronEntry } from '@actp/shared/cron-table';
import { isJobName, isQueueName, specOf, type JobName, type QueueName } from '@actp/shared/jobs/catalogue';

/** The job that an entry of the cron table stands for, as BullMQ takes it. */
export interface ScheduleJob {
  queue: QueueName;
  name: JobName;
  data: unknown;
  opts: { attempts: number; backoff: { type: string; delay: number } };
}

/** @throws Error when no worker knows the job of an entry that is enabled */
export function scheduleJob({ name, queue, job, payload }: CronEntry): ScheduleJob {
  if (!isQueueName(queue) || !isJobName(job)) {
    throw new Error(`schedule ${name} is enabled, but no worker knows its job`);
  }
  const { attempts, backoffMs } = specOf(job);
  const opts = { attempts, backoff: { type: 'exponential', delay: backoffMs } };
  return { queue, name: job, data: payload, opts };
}
