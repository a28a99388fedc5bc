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
}

function entry<N extends JobName>(
  name: string,
  queue: QueueName,
  job: N,
  pattern: string,
  payload: Payload<N>,
): CronEntry {
  return { name, queue, job, pattern, enabled: true, payload };
}

/** A schedule whose job nobody can run yet: listed, and never started. */
function disabled(name: string, queue: string, job: string, pattern: string): CronEntry {
  return { name, queue, job, pattern, enabled: false, payload: {} };
}

/**
 * The cron table. The scheduler makes Job Schedulers of it, the gateway shows it; all times are in SCHEDULE_TZ.
 */
export const cronTable: readonly CronEntry[] = [
  entry('nightly_self_test', 'selftest', 'run-self-test', '0 2 * * *', { trigger: 'nightly' }),
  entry('weekly_audit_summary', 'audit', 'weekly-audit-summary', '0 20 * * 0', {}),
  entry('daily_audit_retention', 'audit', 'retire-audit-days', '30 3 * * *', {}),
  disabled('weekly_dependency_review', 'audit', 'weekly-dependency-review', '0 3 * * 1'),
];
