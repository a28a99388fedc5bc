import { randomUUID } from 'node:crypto';
import type { JobState, JobType } from 'bullmq';
import { atEnd } from '@actp/testing/at-end';
import type { OwnRedis } from '@actp/testing/own-redis';
import { createLogger } from '../log.ts';
import { createProducer, type Producer } from './producer.ts';
import { createWorker, type Handlers, type RunningWorker, type WorkerDeps } from './worker.ts';

type NotifyHandler = Handlers<'notify'>['send-notification'];

export interface Notify {
  producer: Producer;
  /** Lines that producer and workers have logged. */
  lines: string[];
  /** Starts a worker of the queue `notify`; closed after the file. */
  work(handler: NotifyHandler, options?: Partial<WorkerDeps<'notify'>>): RunningWorker;
  /** Adds a job; gives its id. */
  add(): Promise<string>;
  stateOf(id: string): Promise<JobState | 'unknown'>;
  /** Adds a job that the catalogue would not let through. */
  smuggle(name: string, data: unknown, attempts?: number): Promise<string>;
  count(...states: JobType[]): Promise<number>;
  /** Everything that stands in Redis about a job. */
  stored(id: string): Promise<unknown>;
}

/** The queue `notify` on a Redis of the file's own, with a log that can be read. */
export function openNotify(redis: Pick<OwnRedis, 'env'>): Notify {
  const lines: string[] = [];
  const log = createLogger({
    app: 'test',
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  const producer = createProducer({ redis: redis.env, log });
  atEnd(() => producer.close());
  const idOf = (job: { id?: string | undefined }) => job.id ?? '';
  return {
    producer,
    lines,
    work(handler, options = {}) {
      const handlers = { 'send-notification': handler };
      const worker = createWorker({ queue: 'notify', redis: redis.env, log, handlers, ...options });
      atEnd(() => worker.close());
      return worker;
    },
    add: async () => idOf(await producer.add('send-notification', { notification_id: randomUUID() })),
    stateOf: (id) => producer.use('notify', (queue) => queue.getJobState(id)),
    smuggle: async (name, data, attempts = 3) =>
      idOf(await producer.use('notify', (queue) => queue.add(name, data, { attempts }))),
    count: (...states) => producer.use('notify', (queue) => queue.getJobCountByTypes(...states)),
    stored: async (id) => producer.use('notify', async (queue) => (await queue.getJob(id))?.asJSON()),
  };
}
