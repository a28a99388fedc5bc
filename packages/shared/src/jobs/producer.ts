import type { Job, Queue } from 'bullmq';
import { AppError, UnavailableError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { RedisTarget } from '../redis.ts';
import { span } from '../telemetry/tracer.ts';
import { catalogue, specOf, type JobName, type Payload, type QueueName } from './catalogue.ts';
import { openKeptWrites } from './kept-writes.ts';
import { probeRedis } from './probe-redis.ts';
import { openQueueConnection } from './queue-connection.ts';
import { createRedisDurability } from './redis-durability.ts';
import { jobAttributes, traceOptions } from './trace-context.ts';

export interface AddOptions {
  /** Deterministic id: adding the same id again is the same job. Must not contain a colon (BullMQ's separator). */
  jobId?: string;
  /** The payload went through its schema, or a stricter one, just before: for payloads of hundreds of events. */
  checked?: boolean;
}

export interface Producer {
  /**
   * Adds a job; unless it is a hint, it is on as many replicas as are demanded when this resolves. Throws AppError `unavailable`
   * within 2 s when Redis does not take it, or these replicas cannot be had.
   */
  add<N extends JobName>(name: N, payload: Payload<N>, options?: AddOptions): Promise<Job>;
  /** Runs a read or an administrative call on a queue, with the same deadline. */
  use<T>(queue: QueueName, work: (queue: Queue) => Promise<T>): Promise<T>;
  /** Answers when Redis does; throws UnavailableError otherwise. */
  ping(): Promise<void>;
  /** Writes a little: throws AppError `unavailable` that says why when Redis answers but takes no writes. */
  probe(): Promise<void>;
  /** Whether a job that was added is on Redis' disk, as far as Redis says. Never throws. */
  isDurable(): Promise<boolean>;
  close(): Promise<void>;
}

// Below the 2 s within which a caller has to hear no.
const answerWithinMs = 1_700;

/**
 * The way jobs get into queues. One connection for all queues, and one for what replicas have to hold; while Redis is away every call fails at once instead
 * of waiting in a line that a crash would lose.
 */
export function createProducer(deps: { redis: RedisTarget; log: Logger }): Producer {
  const { log } = deps;
  const queues = openQueueConnection(deps.redis);
  const { connection } = queues;
  const kept = openKeptWrites(deps.redis);
  let up = true;
  connection.on('error', (error: Error) => {
    if (up) log.warn({ err: error }, 'redis is away');
    up = false;
  });
  connection.on('ready', () => {
    if (!up) log.info('redis is back');
    up = true;
  });
  async function withDeadline<T>(work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new UnavailableError('redis')), answerWithinMs);
    });
    try {
      return await Promise.race([queues.connected().then(work), late]);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new UnavailableError('redis', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    add(name, payload, options = {}) {
      const spec = specOf(name);
      // Checked here too: what stands in a queue is always valid at the time it was put there.
      const data = options.checked === true ? payload : catalogue[name].payload.parse(payload);
      const spanOptions = { kind: 'producer', attributes: jobAttributes(spec.queue, name) } as const;
      return span(`add ${name}`, spanOptions, ({ carrier }) => {
        const addTo = (queue: Queue) =>
          queue.add(name, data, {
            attempts: spec.attempts,
            backoff: { type: 'exponential', delay: spec.backoffMs },
            ...(spec.removeOnComplete === true ? { removeOnComplete: true } : {}),
            ...(options.jobId === undefined ? {} : { jobId: options.jobId }),
            ...traceOptions(carrier()),
          });
        return withDeadline(async () =>
          kept === undefined || spec.hint === true
            ? addTo(await queues.queueOf(spec.queue))
            : kept.write(spec.queue, addTo),
        );
      });
    },
    use: (name, work) => withDeadline(async () => work(await queues.queueOf(name))),
    ping: () => withDeadline(async () => void (await connection.ping())),
    probe: () => withDeadline(async () => void (await Promise.all([probeRedis(connection), kept?.probe()]))),
    isDurable: createRedisDurability(connection),
    async close() {
      await Promise.all([queues.close(), kept?.close()]);
    },
  };
}
