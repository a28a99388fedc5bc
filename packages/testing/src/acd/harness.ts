export type HarnessWord = 'idle' | 'running' | 'completed' | 'failed' | 'error' | 'stopping' | 'paused';

export interface HarnessStatus {
  status: HarnessWord | null;
  sessionType: string | null;
  sessionNumber: number | null;
  lastUpdate: string | null;
  pid: number | null;
}

/** What a coding run does: edits files, then says how it believes it went. Aborted when it is stopped. */
export type Work = (prompt: string, signal: AbortSignal) => Promise<'completed' | 'failed' | 'error' | void>;

export interface StartedRun {
  pid: number;
  startedAt: string;
  prompt: string;
  body: Record<string, unknown>;
  /** Resolves when its work is over. */
  over: Promise<void>;
}

export type Harness = ReturnType<typeof createHarness>;

/** The part of ACD that runs: one coding run at a time, and a status file that is written a moment late. */
export function createHarness(options: { work: Work; staleMs: number }) {
  const runs: StartedRun[] = [];
  let nextPid = 40_000;
  let current: { pid: number; stop: AbortController } | undefined;
  let shown: HarnessStatus = {
    status: 'idle',
    sessionType: null,
    sessionNumber: null,
    lastUpdate: null,
    pid: null,
  };

  const show = (status: HarnessWord, pid: number) => {
    shown = {
      status,
      sessionType: 'coding',
      sessionNumber: runs.length,
      lastUpdate: new Date().toISOString(),
      pid,
    };
  };

  return {
    runs,
    status: (): HarnessStatus => shown,
    /** Says something else than what is true, until the next change. */
    pretend(status: Partial<HarnessStatus>): void {
      shown = { ...shown, ...status };
    },
    setWork(work: Work): void {
      options.work = work;
    },
    /** @returns null when one runs already */
    start(body: Record<string, unknown>): StartedRun | null {
      if (current !== undefined) return null;
      const pid = (nextPid += 1);
      const stop = new AbortController();
      current = { pid, stop };
      const startedAt = new Date().toISOString();
      const prompt = typeof body['prompt'] === 'string' ? body['prompt'] : '';
      // For some moments the status is still that of the run before.
      const late = setTimeout(() => show('running', pid), options.staleMs);
      const over = (async () => {
        let said: HarnessWord = 'completed';
        try {
          said = (await options.work(prompt, stop.signal)) ?? 'completed';
        } catch {
          said = 'error';
        }
        clearTimeout(late);
        current = undefined;
        show(stop.signal.aborted ? 'idle' : said, pid);
      })();
      const run = { pid, startedAt, prompt, body, over };
      runs.push(run);
      return run;
    },
    stop(): void {
      if (current === undefined) return;
      show('stopping', current.pid);
      current.stop.abort();
    },
    /** A run that somebody else has started. */
    occupy(): { pid: number; leave(): void } {
      const pid = (nextPid += 1);
      const stop = new AbortController();
      current = { pid, stop };
      show('running', pid);
      return {
        pid,
        leave() {
          if (current?.pid !== pid) return;
          current = undefined;
          show('completed', pid);
        },
      };
    },
  };
}
