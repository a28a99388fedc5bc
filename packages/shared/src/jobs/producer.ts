import { Queue, type Job } from 'bullmq';
import { AppError, UnavailableError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { connectRedis, failFastOptions, type RedisTarget } from '../redis.ts';
import { span } from '../telemetry/tracer.ts';
import { repeatStrategy } from '../ticks.ts';
import { catalogue, prefixOf, specOf, type JobName, type Payload, type QueueName } from './catalogue.ts';
import { probeRedis } from './probe-redis.ts';
import { createRedisDurability } from './redis-durability.ts';
import { jobAttributes, traceOptions } from './trace-context.ts';

export interface AddOptions {
  /** Deterministic id: adding the same id again is the same job. Must not contain a colon (BullMQ's separator). */
  jobId?: string;
  /** The payload went through its schema, or a stricter one, just before: for payloads of hundreds of events. */
  checked?: boolean;
}

export interface Producer {
  /** Adds a job. Throws UnavailableError within 2 s when Redis does not take it. */
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
 * The way jobs get into queues. One connection for all queues; while Redis is away every call fails at once instead
 * of waiting in a line that a crash would lose.
 */
export function createProducer(deps: { redis: RedisTarget; log: Logger }): Producer {
  const { log } = deps;
  const connection = connectRedis(deps.redis, failFastOptions);
  let up = true;
  let handshake: Promise<void> | undefined;
  connection.on('error', (error: Error) => {
    if (up) log.warn({ err: error }, 'redis is away');
    up = false;
  });
  connection.on('ready', () => {
    if (!up) log.info('redis is back');
    up = true;
  });
  const open = new Map<QueueName, Promise<Queue>>();

  // BullMQ never recovers a queue whose first contact failed, so one is made only when Redis is there, and thrown
  // away when making it fails.
  function queueOf(name: QueueName): Promise<Queue> {
    const known = open.get(name);
    if (known) return known;
    // How long finished jobs are kept is said by the worker, for the queue as a whole.
    const queue = new Queue(name, { connection, prefix: prefixOf(name), settings: { repeatStrategy } });
    queue.on('error', () => undefined); // the connection's own listener speaks
    const ready = queue.waitUntilReady().then(
      () => queue,
      async (error: unknown) => {
        open.delete(name);
        await queue.close();
        throw error;
      },
    );
    open.set(name, ready);
    return ready;
  }

  // A connection that is just being made is waited for; one that was refused is not.
  function connected(): Promise<void> {
    if (connection.status === 'ready') return Promise.resolve();
    if (connection.status !== 'connecting' && connection.status !== 'connect') {
      return Promise.reject(new UnavailableError('redis'));
    }
    handshake ??= new Promise<void>((resolve, reject) => {
      const done = () => {
        connection.off('ready', done).off('close', done);
        handshake = undefined;
        if (connection.status === 'ready') resolve();
        else reject(new UnavailableError('redis'));
      };
      connection.on('ready', done).on('close', done);
    });
    return handshake;
  }

  async function withDeadline<T>(work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new UnavailableError('redis')), answerWithinMs);
    });
    try {
      return await Promise.race([connected().then(work), late]);
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
      return span(`add ${name}`, spanOptions, ({ carrier }) =>
        withDeadline(async () => {
          const queue = await queueOf(spec.queue);
          return queue.add(name, data, {
            attempts: spec.attempts,
            backoff: { type: 'exponential', delay: spec.backoffMs },
            ...(spec.removeOnComplete === true ? { removeOnComplete: true } : {}),
            ...(options.jobId === undefined ? {} : { jobId: options.jobId }),
            ...traceOptions(carrier()),
          });
        }),
      );
    },
    use: (name, work) => withDeadline(async () => work(await queueOf(name))),
    ping: () => withDeadline(async () => void (await connection.ping())),
    probe: () => withDeadline(() => probeRedis(connection)),
    isDurable: createRedisDurability(connection),
    async close() {
      await Promise.allSettled([...open.values()].map(async (queue) => (await queue).close()));
      connection.disconnect();
    },
  };
}
