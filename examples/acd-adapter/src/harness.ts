import { startCodingRun, type AgentCommand, type CodingRun } from './coding-run.ts';

export interface HarnessStatus {
  status: 'idle' | 'running' | 'stopping' | 'completed' | 'failed';
  sessionType: 'coding' | null;
  sessionNumber: number | null;
  lastUpdate: string | null;
  pid: number | null;
}

export interface Harness {
  status(): HarnessStatus;
  /** @returns undefined while another run is under way @throws why the command cannot be started */
  start(prompt: string): Promise<{ pid: number; startedAt: string } | undefined>;
  /** Tells the run under way to end; `ended` waits for it. */
  stop(): void;
  ended(): Promise<void>;
}

/** One run of the agent's command at a time, and what its status is. */
export function createHarness(command: AgentCommand): Harness {
  let busy = false;
  let current: CodingRun | undefined;
  let over: Promise<void> = Promise.resolve();
  let sessions = 0;
  let shown: HarnessStatus = {
    status: 'idle',
    sessionType: null,
    sessionNumber: null,
    lastUpdate: null,
    pid: null,
  };
  const show = (status: HarnessStatus['status'], pid: number) => {
    const lastUpdate = new Date().toISOString();
    shown = { status, sessionType: 'coding', sessionNumber: sessions, lastUpdate, pid };
  };

  async function follow({ pid, over: result }: CodingRun): Promise<void> {
    const how = await result;
    current = undefined;
    busy = false;
    show(how === 'stopped' ? 'failed' : how, pid);
  }

  return {
    status: () => shown,
    async start(prompt) {
      if (busy) return undefined;
      busy = true;
      const startedAt = new Date().toISOString();
      try {
        current = await startCodingRun(command, prompt);
      } catch (error) {
        busy = false;
        throw error;
      }
      const { pid } = current;
      sessions += 1;
      show('running', pid);
      over = follow(current);
      return { pid, startedAt };
    },
    stop() {
      if (current === undefined) return;
      show('stopping', current.pid);
      current.stop();
    },
    ended: () => over,
  };
}
