import { join } from 'node:path';
import type { Piscina } from 'piscina';
import { fingerprintKey } from '@actp/redaction/fingerprint';
import { ownSecrets } from '@actp/redaction/own-secrets';
import { UnavailableError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import type * as Thread from './thread.ts';

type Tasks = Pick<typeof Thread, 'readBatch' | 'checkJson' | 'redactRows'>;

export interface Threads {
  /**
   * Runs a task in a thread.
   *
   * @param transfer what the thread gets whole instead of a copy
   * @throws UnavailableError when the thread ends before it is done, takes too long, or too much waits
   */
  run<N extends keyof Tasks>(
    name: N,
    task: Parameters<Tasks[N]>[0],
    transfer?: ArrayBuffer[],
  ): Promise<ReturnType<Tasks[N]>>;
  /** Ends the threads; what they were at fails. */
  stop(): Promise<void>;
}

interface ThreadsOptions {
  count: number;
  log: Logger;
  /** Of each; for tests. */
  megabytes?: number;
}

// A request as a whole may take as long.
const taskMs = 30_000;
const maxWaiting = 64;
// A thread is made when there is work for it, and kept a while.
const idleMs = 30_000;
// Many times what a body and its copies need: what grows beyond is ended, and only its own request with it.
const maxMegabytes = 256;

/** Threads for what would hold up all others in the one that answers. */
export function createThreads({ count, log, megabytes = maxMegabytes }: ThreadsOptions): Threads {
  let pool: Promise<Piscina> | undefined;
  let stopped = false;

  const make = async () => {
    // Loaded when it is needed: memory that a gateway without large bodies does not need.
    const { Piscina: Pool } = await import('piscina');
    const workerData: Thread.ThreadData = { fingerprintKey: fingerprintKey(), ownSecrets: ownSecrets() };
    const made = new Pool({
      filename: join(import.meta.dirname, 'thread.ts'),
      workerData,
      env: {},
      execArgv: [],
      minThreads: 0,
      maxThreads: count,
      maxQueue: maxWaiting,
      idleTimeout: idleMs,
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
      recordTiming: false,
    });
    // Also when nothing waits for it: an error that nobody listens to would end the process.
    made.on('error', (error: Error) => log.warn({ err: error }, 'a thread for large bodies has ended'));
    return made;
  };

  return {
    async run(name, task, transfer = []) {
      if (stopped) throw new UnavailableError('the gateway');
      pool ??= make();
      try {
        const signal = AbortSignal.timeout(taskMs);
        // What the thread has under that name returns this.
        return (await (await pool).run(task, { name, transferList: transfer, signal })) as ReturnType<
          Tasks[typeof name]
        >;
      } catch (error) {
        throw new UnavailableError('the reader of large bodies', { cause: error });
      }
    },
    async stop() {
      stopped = true;
      await (await pool)?.destroy();
    },
  };
}
