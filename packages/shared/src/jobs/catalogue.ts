import { z } from 'zod';
import { AuditRow, maxEvents } from '../audit/event.ts';

/**
 * The job catalogue: every queue and every job, once. Producers, processors, the HTTP trigger and the cron table take
 * names, payloads and results from here, so that a missing handler or a wrong payload is a type error.
 *
 * Retention belongs to the queue, not to the job: BullMQ trims the whole finished set whenever one job ends.
 */
export interface QueueSpec {
  /** The app whose worker consumes it. */
  consumer: string;
  /** How long finished jobs can still be read, in seconds. */
  retentionSeconds: number;
  /**
   * Operators may change it from the dashboard. Never where jobs carry what was acknowledged: events, decisions, messages. A queue
   * that says nothing can only be looked at.
   */
  changeable?: true;
}

export interface JobSpec<P extends z.ZodType, R extends z.ZodType> {
  queue: QueueName;
  payload: P;
  result: R;
  /** How often it is started before it counts as failed. */
  attempts: number;
  /** First pause before a retry; doubled each time. */
  backoffMs: number;
  /** What `POST /v1/jobs/{queue}` may send as `data`, and what is added to it; absent: not over HTTP. */
  http?: { data: z.ZodType; payload: Partial<z.output<P>> };
  /** The job that the queue's HTTP trigger starts when no name is given. */
  default?: boolean;
  /** Says only where to look: what it is about stands in the database, and is found there when the job is lost. */
  hint?: true;
  /** Gone as soon as it is done: what it carried stands elsewhere. */
  removeOnComplete?: boolean;
}

const hour = 3_600;

export const queues = {
  selftest: { consumer: 'selftest-runner', retentionSeconds: 24 * hour, changeable: true },
  approval: { consumer: 'scheduler', retentionSeconds: hour },
  notify: { consumer: 'approval-bot', retentionSeconds: hour },
  // What failed here is an event that is in no table yet: it is kept until somebody has looked.
  audit: { consumer: 'auditor', retentionSeconds: 7 * 24 * hour },
  heal: { consumer: 'selftest-runner', retentionSeconds: 24 * hour, changeable: true },
  tasks: { consumer: 'executor', retentionSeconds: hour, changeable: true },
  inspect: { consumer: 'inspector', retentionSeconds: 24 * hour, changeable: true },
} as const satisfies Record<string, QueueSpec>;

export type QueueName = keyof typeof queues;

function job<P extends z.ZodType, R extends z.ZodType, const S extends JobSpec<P, R>>(
  spec: S & JobSpec<P, R>,
): S {
  return spec;
}

export const SelfTestTrigger = z.enum(['startup', 'nightly', 'http', 'telegram']);
export type SelfTestTrigger = z.infer<typeof SelfTestTrigger>;

export const SelfTestStatus = z.enum(['passed', 'failed', 'healed', 'error']);
export type SelfTestStatus = z.infer<typeof SelfTestStatus>;

/** Who wants a run to be healed. By hand, a failure that was tried before is tried again. */
export const HealAskedBy = z.enum(['plane', 'http', 'telegram']);
export type HealAskedBy = z.infer<typeof HealAskedBy>;

export const HealState = z.enum(['queued', 'running', 'healed', 'not_healed', 'skipped']);
export type HealState = z.infer<typeof HealState>;

/** What asked for a review. */
export const ReviewTrigger = z.enum(['weekly', 'http', 'telegram']);
export type ReviewTrigger = z.infer<typeof ReviewTrigger>;

const ProjectName = z.string().min(1).max(100);

// As the database writes it: an id in capital letters is the same one.
const RunId = z.uuid().toLowerCase();

/** Events of a large body: JSON that a thread has written already, and that the gateway's own thread need not write once more. */
export interface WrittenEvents {
  events_json: string;
}

function readEvents(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('events_json' in data)) return data;
  try {
    return { events: JSON.parse(String(data.events_json)) as unknown };
  } catch {
    return data; // refused by the schema
  }
}

export const catalogue = {
  'run-self-test': job({
    queue: 'selftest',
    payload: z.strictObject({ trigger: SelfTestTrigger }),
    result: z.object({
      run_id: z.uuid(),
      status: SelfTestStatus,
      tests_total: z.int(),
      tests_passed: z.int(),
      tests_failed: z.int(),
      services_up: z.int(),
      services_total: z.int(),
    }),
    attempts: 3,
    backoffMs: 2_000,
    http: { data: z.strictObject({}), payload: { trigger: 'http' } },
    default: true,
  }),
  'heal-run': job({
    queue: 'heal',
    // `request`: the one that a lost job belonged to; a job of its own is a request of its own.
    payload: z.strictObject({
      run_id: RunId,
      by: HealAskedBy,
      request: z.string().min(1).max(256).optional(),
    }),
    result: z.object({
      run_id: z.uuid(),
      state: HealState,
      reason: z.string(),
      suites: z.array(z.object({ suite: z.string(), state: HealState, reason: z.string() })),
    }),
    attempts: 3,
    backoffMs: 2_000,
    http: { data: z.strictObject({ run_id: RunId }), payload: { by: 'http' } },
    default: true,
  }),
  'run-task': job({
    queue: 'tasks',
    hint: true,
    payload: z.strictObject({ task_id: z.uuid() }),
    result: z.object({ state: z.enum(['over', 'waiting', 'later', 'busy', 'lost', 'gone']) }),
    attempts: 3,
    backoffMs: 500,
    removeOnComplete: true,
  }),
  'send-notification': job({
    queue: 'notify',
    hint: true,
    payload: z.strictObject({ notification_id: z.uuid() }),
    result: z.object({ state: z.enum(['sent', 'logged', 'gone']) }),
    attempts: 5,
    backoffMs: 1_000,
  }),
  'sync-approval': job({
    queue: 'approval',
    hint: true,
    payload: z.strictObject({ approval_id: z.uuid() }),
    // `under_way`: it goes on without the job.
    result: z.object({ state: z.enum(['done', 'under_way']) }),
    attempts: 5,
    backoffMs: 500,
  }),
  'deliver-callback': job({
    queue: 'approval',
    hint: true,
    payload: z.strictObject({ approval_id: z.uuid(), version: z.int().positive() }),
    result: z.object({ state: z.enum(['done', 'under_way']) }),
    attempts: 5,
    backoffMs: 500,
  }),
  'write-audit-events': job({
    queue: 'audit',
    payload: z.preprocess(readEvents, z.strictObject({ events: z.array(AuditRow).min(1).max(maxEvents) })),
    result: z.object({}),
    attempts: 10,
    backoffMs: 500,
    removeOnComplete: true,
  }),
  'weekly-audit-summary': job({
    queue: 'audit',
    payload: z.strictObject({}),
    result: z.object({ notification_id: z.uuid() }),
    attempts: 5,
    backoffMs: 2_000,
    http: { data: z.strictObject({}), payload: {} },
    default: true,
  }),
  'retire-audit-days': job({
    queue: 'audit',
    payload: z.strictObject({}),
    result: z.object({ made: z.int(), dropped: z.int(), forgotten: z.int() }),
    attempts: 20,
    backoffMs: 500,
    http: { data: z.strictObject({}), payload: {} },
  }),
  'dependency-review': job({
    queue: 'inspect',
    // Without a project: all of them.
    payload: z.strictObject({ trigger: ReviewTrigger, project: ProjectName.optional() }),
    result: z.object({
      projects: z.int(),
      open: z.object({ critical: z.int(), high: z.int(), medium: z.int(), low: z.int() }),
      new: z.int(),
      fixed: z.int(),
      unavailable: z.int(),
    }),
    attempts: 3,
    backoffMs: 10_000,
    http: { data: z.strictObject({ project: ProjectName.optional() }), payload: { trigger: 'http' } },
    default: true,
  }),
} as const;

export type JobName = keyof typeof catalogue;
export type Payload<N extends JobName> = z.output<(typeof catalogue)[N]['payload']>;
export type Result<N extends JobName> = z.output<(typeof catalogue)[N]['result']>;
export type JobsOf<Q extends QueueName> = {
  [N in JobName]: (typeof catalogue)[N]['queue'] extends Q ? N : never;
}[JobName];

/** Answered by every worker itself: proof that a queue is really being consumed. Not part of anyone's work. */
export const canaryJob = 'canary';

/** One hash slot per queue, so that a Redis Cluster can hold it (and different queues in different slots). */
export const prefixOf = (queue: QueueName): string => `{actp-${queue}}`;

export const queueNames = Object.keys(queues) as QueueName[];

/** Whether operators may change the queue from the dashboard. */
export function isChangeable(queue: QueueName): boolean {
  const spec: QueueSpec = queues[queue];
  return spec.changeable === true;
}

export const jobNames = Object.keys(catalogue) as JobName[];

/** A job's specification, widened for code that walks the catalogue. */
export function specOf(name: JobName): JobSpec<z.ZodType, z.ZodType> {
  return catalogue[name];
}

export function isQueueName(name: string): name is QueueName {
  return Object.hasOwn(queues, name);
}

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(catalogue, name);
}
