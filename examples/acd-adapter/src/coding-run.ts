import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

export interface AgentCommand {
  /** The program and its arguments; `{prompt}` stands for the prompt, which comes on standard input where no argument has it. */
  words: readonly [string, ...string[]];
  /** The checkout in which it works. */
  cwd: string;
  env: Record<string, string | undefined>;
  /** After this long it is ended. */
  limitMs: number;
}

type RunResult = 'completed' | 'failed' | 'stopped';

export interface CodingRun {
  pid: number;
  /** Resolves when it has ended, with everything that it had started. */
  over: Promise<RunResult>;
  stop(): void;
}

// What does not end when it is asked to is killed after this long.
const killAfterMs = 5_000;

/** Starts the agent's command. @throws why it cannot be started */
export async function startCodingRun(command: AgentCommand, prompt: string): Promise<CodingRun> {
  const [program, ...args] = command.words;
  const asArgument = args.some((word) => word.includes('{prompt}'));
  const child = spawn(
    program,
    args.map((word) => word.replaceAll('{prompt}', () => prompt)),
    {
      cwd: command.cwd,
      env: command.env,
      stdio: [asArgument ? 'ignore' : 'pipe', 'inherit', 'inherit'],
      // A group of its own, so that it ends with all that it has started.
      detached: true,
    },
  );
  // An agent need not read its prompt to the end.
  child.stdin?.on('error', () => undefined);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error('the command has no process id');
  child.stdin?.end(prompt);

  let stopped = false;
  let killing: NodeJS.Timeout | undefined;
  const stop = () => {
    stopped = true;
    signalGroup(pid, 'SIGTERM');
    killing ??= setTimeout(() => signalGroup(pid, 'SIGKILL'), killAfterMs);
  };
  const limit = setTimeout(stop, command.limitMs);
  const ended = async (): Promise<RunResult> => {
    const code = await exitCode(child);
    clearTimeout(limit);
    clearTimeout(killing);
    // Nothing of it may change the checkout after it has said that it is done.
    signalGroup(pid, 'SIGKILL');
    if (stopped) return 'stopped';
    return code === 0 ? 'completed' : 'failed';
  };
  return { pid, over: ended(), stop };
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}
