import { ForksPoolWorker, type PoolRunnerInitializer, type WorkerRequest } from 'vitest/node';

/** A pool of one process that serves run after run: starting it and loading all modules takes longer than most tests that notice a damage. */
export interface KeptPool extends PoolRunnerInitializer {
  /** The next run gets a new process. */
  renew(): Promise<void>;
}

const name = 'kept';

export function keptPool(): KeptPool {
  let kept: KeptWorker | undefined;
  return {
    name,
    createPoolWorker: (options) => (kept ??= new KeptWorker(options)),
    async renew() {
      const worker = kept;
      kept = undefined;
      await worker?.end();
    },
  };
}

type Listener = (arg: unknown) => void;

/** What Vitest starts and stops for each run really starts once, and ends with `end`. */
class KeptWorker extends ForksPoolWorker {
  override readonly name = name;
  #begun = false;
  #ready = false;
  readonly #ofRun = new Set<Listener>();

  override on(event: string, listener: Listener): void {
    if (event === 'message') this.#ofRun.add(listener);
    super.on(event, listener);
  }

  override off(event: string, listener: Listener): void {
    if (event === 'message') this.#ofRun.delete(listener);
    super.off(event, listener);
  }

  override async start(): Promise<void> {
    if (!this.#begun) await super.start();
    this.#begun = true;
  }

  override send(message: WorkerRequest): void {
    const { type } = message;
    if (type === 'stop' || (type === 'start' && this.#ready)) {
      const answer = { __vitest_worker_response__: true, type: type === 'stop' ? 'stopped' : 'started' };
      setImmediate(() => this.#ofRun.forEach((listener) => listener(answer)));
      return;
    }
    if (type === 'start') this.#ready = true;
    super.send(message);
  }

  override async stop(): Promise<void> {
    for (const listener of this.#ofRun) this.off('message', listener);
  }

  async end(): Promise<void> {
    if (this.#begun) await super.stop();
  }
}
