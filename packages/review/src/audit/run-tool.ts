import { spawn } from 'node:child_process';
import process from 'node:process';

export interface ToolRun {
  end: 'exited' | 'missing' | 'not_started' | 'timed_out' | 'too_much' | 'stopped';
  code: number | null;
  stdout: string;
  /** Its beginning. */
  stderr: string;
}

export interface ToolSpec {
  argv: readonly [string, ...string[]];
  /** Absolute. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  signal: AbortSignal;
  timeoutMs?: number;
  maxBytes?: number;
  /** How long another process may go on holding the output when the tool has ended. */
  graceMs?: number;
}

const twoMinutes = 120_000;
const twoSeconds = 2_000;
// The report about a project with thousands of advisories has some 10 MiB.
const mostOutput = 32 * 1024 * 1024;
const mostErrors = 8 * 1024;

/** Runs a tool in a process group of its own, of which nothing is left afterwards; within bounds of time and output. Never throws. */
export function runTool(spec: ToolSpec): Promise<ToolRun> {
  const { timeoutMs = twoMinutes, maxBytes = mostOutput, graceMs = twoSeconds, signal } = spec;
  const [program, ...args] = spec.argv;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ...nothing, end: 'stopped' });
    const child = started(program, args, spec);
    if (child === undefined) return resolve({ ...nothing, end: 'not_started' });
    const chunks: Buffer[] = [];
    const errors: Buffer[] = [];
    let [bytes, errorBytes] = [0, 0];
    let held: NodeJS.Timeout | undefined;
    const finish = (end: ToolRun['end'], code: number | null = null) => {
      clearTimeout(timer);
      clearTimeout(held);
      signal.removeEventListener('abort', stop);
      killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      const stderr = Buffer.concat(errors).toString('utf8', 0, mostErrors);
      resolve({ end, code, stdout: end === 'exited' ? Buffer.concat(chunks).toString('utf8') : '', stderr });
    };
    const stop = () => finish('stopped');
    const timer = setTimeout(() => finish('timed_out'), timeoutMs);
    signal.addEventListener('abort', stop);
    child.on('error', (error) => finish(isMissing(error) ? 'missing' : 'not_started'));
    // A process that it leaves behind holds its output open.
    child.on('exit', (code) => {
      // What it has written is there, and is read before that.
      held = setTimeout(() => setImmediate(() => finish('exited', code)), graceMs);
    });
    child.on('close', (code) => finish('exited', code));
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) finish('too_much');
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errorBytes < mostErrors) errors.push(chunk);
      errorBytes += chunk.length;
      if (errorBytes > maxBytes) finish('too_much');
    });
  });
}

const nothing = { code: null, stdout: '', stderr: '' };

// Most faults come as an event; some are thrown, of a folder that is a file for instance.
function started(program: string, args: readonly string[], { cwd, env }: ToolSpec) {
  try {
    return spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  } catch {
    return undefined;
  }
}

const isMissing = (error: Error) => 'code' in error && error.code === 'ENOENT';

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
