import type { JobName, Payload, QueueName } from './jobs/catalogue.ts';

export interface CronEntry {
  /** Name of the schedule; also the id of its BullMQ Job Scheduler. */
  name: string;
  queue: string;
  job: string;
  /** Five fields: minute, hour, day of month, month, day of week. */
  pattern: string;
  enabled: boolean;
  payload: unknown;
  /** How late a tick may still be run, once, when nobody could run it on time: its worker or the plane was down. */
  catchUpSeconds: number;
}

function entry<N extends JobName>(
  name: string,
  queue: QueueName,
  job: N,
  pattern: string,
  payload: Payload<N>,
  catchUpSeconds: number,
): CronEntry {
  return { name, queue, job, pattern, enabled: true, payload, catchUpSeconds };
}

const hour = 3_600;

/**
 * The cron table. The scheduler makes Job Schedulers of it, the gateway shows it; all times are in SCHEDULE_TZ.
 */
export const cronTable: readonly CronEntry[] = [
  entry('nightly_self_test', 'selftest', 'run-self-test', '0 2 * * *', { trigger: 'nightly' }, 12 * hour),
  entry('weekly_audit_summary', 'audit', 'weekly-audit-summary', '0 20 * * 0', {}, 48 * hour),
  entry('daily_audit_retention', 'audit', 'retire-audit-days', '30 3 * * *', {}, 18 * hour),
  entry(
    'weekly_dependency_review',
    'inspect',
    'dependency-review',
    '0 3 * * 1',
    { trigger: 'weekly' },
    48 * hour,
  ),
];
