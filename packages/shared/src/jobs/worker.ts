import { setTimeout as delay } from 'node:timers/promises';
import { DelayedError, UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { redact } from '@actp/redaction/redact';
import { connectRedis, workerOptions, type RedisTarget } from '../redis.ts';
import { activeTracer } from '../telemetry/tracer.ts';
import { repeatStrategy } from '../ticks.ts';
import {
  canaryJob,
  catalogue,
  isJobName,
  prefixOf,
  queues,
  specOf,
  type JobName,
  type JobsOf,
  type Payload,
  type QueueName,
  type Result,
} from './catalogue.ts';
import { jobAttributes, traceOf } from './trace-context.ts';

export interface JobContext<N> {
  job: Job;
  name: N;
  log: Logger;
  /** Aborted when the worker stops: long work should end and leave the job to be run again. */
  signal: AbortSignal;
}

/** What a job says about the tick that it was made for. */
export type ScheduledJob = Pick<Job, 'id' | 'repeatJobKey' | 'opts'>;

/** A job that has ended, for the record: never its data. */
export interface JobRun {
  queue: QueueName;
  name: JobName;
  jobId: string;
  attempt: number;
  outcome: 'completed' | 'failed';
  startedAt: Date;
  /** Redacted; absent when it completed. */
  error?: string;
}

export type Handlers<Q extends QueueName> = {
  [N in JobsOf<Q>]: (payload: Payload<N>, context: JobContext<N>) => Promise<Result<N>>;
};

/** Thrown by a handler that cannot run yet: the job waits and is started again, without counting as a failure. */
export class JobDeferred extends Error {
  override readonly name = 'JobDeferred';
  readonly delayMs: number;

  constructor(delayMs: number) {
    super('job deferred');
    this.delayMs = delayMs;
  }
}

/** Thrown by a handler that has nothing to do: the job is completed, and its result says why. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

export interface RunningWorker {
  /** Stops taking jobs, waits for those under way (bounded), closes its connections. */
  close(): Promise<void>;
}

export interface WorkerDeps<Q extends QueueName> {
  queue: Q;
  redis: RedisTarget;
  log: Logger;
  handlers: Handlers<Q>;
  concurrency?: number;
  /** Told of every run before the job counts as ended; must not throw. */
  record?: (run: JobRun) => Promise<void>;
  /** How long a job of a dead worker stays its own, in milliseconds. */
  lockMs?: number;
}

/** How long a job of a dead worker stays its own. With the check for such jobs: back in work within 25 s of a worker's death. */
export const defaultLockMs = 15_000;
/** How often jobs of dead workers are looked for. */
export const stalledCheckMs = (lockMs: number) => Math.round((lockMs * 2) / 3);
// Deaths after the first that a job survives. The third start is its last (a poison job).
const forgivenDeaths = 2;
// Time for a running handler to notice that its signal was aborted; the app's own deadline is 8 s.
const drainMs = 5_000;
// Time for what needs Redis to close, which may be away.
const closeMs = 1_000;

/**
 * Consumes one queue: checks payloads, logs one event per job (never its data), keeps secrets out of stored failures,
 * and answers canaries. It survives any Redis outage by itself.
 */
export function createWorker<Q extends QueueName>(deps: WorkerDeps<Q>): RunningWorker {
  const { queue, handlers } = deps;
  const log = deps.log.child({ queue });
  const stopping = new AbortController();
  const connection = connectRedis(deps.redis, workerOptions);
  const lockMs = deps.lockMs ?? defaultLockMs;
  const underWay = new Set<Promise<unknown>>();
  const told = new WeakSet<Error>();
  let up = true;

  const process = (job: Job, token?: string): Promise<unknown> => {
    const work = traced(job, () => attempt(job, token));
    underWay.add(work);
    const over = () => underWay.delete(work);
    work.then(over, over);
    return work;
  };

  // Everything that a job does is a part of the trace in which it was added. A canary is nobody's work.
  function traced(job: Job, work: () => Promise<unknown>): Promise<unknown> {
    const tracer = activeTracer();
    if (tracer === undefined || job.name === canaryJob) return work();
    const attributes = {
      ...jobAttributes(queue, job.name),
      'messaging.message.id': job.id,
      'actp.job.attempt': job.attemptsStarted,
    };
    return tracer.run(
      `process ${job.name}`,
      { kind: 'consumer', attributes, parent: traceOf(job), root: true },
      work,
    );
  }

  async function attempt(job: Job, token?: string): Promise<unknown> {
    if (job.name === canaryJob) return 'ok';
    if (stopping.signal.aborted) {
      // A read that was under way when the worker stopped: somebody else's job, as if it had never been taken.
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const started = performance.now();
    const startedAt = new Date();
    const record = async (outcome: JobRun['outcome'], error?: string) => {
      const { name, id: jobId = '', attemptsStarted: attempt } = job;
      if (!isJobName(name) || specOf(name).removeOnComplete === true) return;
      await deps.record?.({
        queue,
        name,
        jobId,
        attempt,
        outcome,
        startedAt,
        ...(error === undefined ? {} : { error }),
      });
    };
    const jobLog = log.child({ job_id: job.id, job: job.name, attempt: job.attemptsStarted });
    // A job that leaves no trace when it is done is one of very many; whoever runs it says what is worth saying.
    const level = isJobName(job.name) && specOf(job.name).removeOnComplete === true ? 'debug' : 'info';
    const end = (outcome: string, facts: object = {}) =>
      jobLog[level]({ outcome, ms: Math.round(performance.now() - started), ...facts }, 'job');
    try {
      const result = await run(job, jobLog);
      end('completed');
      await record('completed');
      return result;
    } catch (error) {
      if (error instanceof JobDeferred) {
        end('deferred', { delay_ms: error.delayMs });
        await job.moveToDelayed(Date.now() + error.delayMs, token);
        throw new DelayedError();
      }
      if (error instanceof Skipped) {
        end('skipped', { reason: error.message });
        return { skipped: error.message };
      }
      jobLog.error({ err: error, ms: Math.round(performance.now() - started) }, 'job failed');
      const stored = storable(error);
      told.add(stored);
      await record('failed', stored.message);
      throw stored;
    }
  }

  async function run(job: Job, jobLog: Logger): Promise<unknown> {
    const name = job.name;
    if (!isJobName(name) || !isHandled(handlers, name)) {
      throw new UnrecoverableError(`no job of this name in queue ${queue}`);
    }
    const payload = catalogue[name].payload.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError('the payload does not fit the catalogue');
    // The catalogue pairs this name with this payload; the compiler cannot follow a lookup by a union.
    const handler = handlers[name] as (p: unknown, c: JobContext<typeof name>) => Promise<unknown>;
    return handler(payload.data, { job, name, log: jobLog, signal: stopping.signal });
  }

  const worker = new Worker(queue, process, {
    connection,
    prefix: prefixOf(queue),
    concurrency: deps.concurrency ?? 4,
    settings: { repeatStrategy },
    removeOnComplete: { age: queues[queue].retentionSeconds },
    removeOnFail: { age: queues[queue].retentionSeconds },
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs(lockMs),
    maxStalledCount: forgivenDeaths,
    // Blocking reads are renewed often: a dead connection is noticed, and delayed jobs are not late.
    drainDelay: 2,
  });
  connection.on('error', () => undefined); // 'close' follows
  connection.on('close', () => {
    if (up && !stopping.signal.aborted) log.warn('worker has lost redis');
    up = false;
  });
  connection.on('ready', () => {
    if (!up) log.info('worker has redis again');
    up = true;
  });
  worker.on('error', (error) => {
    if (up) log.warn({ err: error }, 'worker error');
  });
  worker.on('stalled', (jobId) => log.warn({ job_id: jobId }, 'job stalled and runs again'));
  worker.on('failed', (job, error) => {
    if (!told.has(error)) log.error({ job_id: job?.id, job: job?.name, err: error }, 'job given up');
  });

  return {
    async close() {
      stopping.abort();
      await worker.pause(true);
      await Promise.race([Promise.allSettled(underWay), delay(drainMs, undefined, { ref: false })]);
      // BullMQ's close has no time-out of its own, and without force it waits for Redis and for every handler.
      const force = underWay.size > 0 || connection.status !== 'ready';
      await Promise.race([worker.close(force), delay(closeMs, undefined, { ref: false })]);
      connection.disconnect();
    },
  };
}

function isHandled<Q extends QueueName>(handlers: Handlers<Q>, name: string): name is JobsOf<Q> {
  return Object.hasOwn(handlers, name);
}

// BullMQ keeps message and stack of a failure in Redis: both are redacted on the way there.
function storable(error: unknown): Error {
  const message = redact(messageOf(error)).slice(0, 2_000);
  const copy = error instanceof UnrecoverableError ? new UnrecoverableError(message) : new Error(message);
  copy.stack = redact(error instanceof Error ? (error.stack ?? message) : message).slice(0, 4_000);
  return copy;
}
