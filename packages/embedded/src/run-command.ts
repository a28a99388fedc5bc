import { spawn } from 'node:child_process';
import process from 'node:process';
import { readLines } from './lines.ts';

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
  /** Goes to standard input, which is closed behind it. */
  input?: string;
  timeoutMs: number;
  onLine?: (line: string) => void;
}

export interface CommandResult {
  ok: boolean;
  /** The last lines of both outputs. */
  output: string;
}

const keptLines = 40;

/** Runs a program to its end and kills it (with all it started) after the time-out. Never throws. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { input, timeoutMs, onLine, ...rest } = options;
  return new Promise((resolve) => {
    const kept: string[] = [];
    const keep = (line: string) => {
      kept.push(line);
      if (kept.length > keptLines) kept.shift();
      onLine?.(line);
    };
    const child = spawn(program, args, { ...rest, detached: true, stdio: 'pipe' });
    const timer = setTimeout(() => {
      keep(`no end within ${Math.round(timeoutMs / 1000)} s`);
      // The group, since package managers and shells start further processes.
      if (child.pid !== undefined) killGroup(child.pid);
    }, timeoutMs);
    readLines(child.stdout, keep);
    readLines(child.stderr, keep);
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const finish = (ok: boolean) => {
      clearTimeout(timer);
      resolve({ ok, output: kept.join('\n') });
    };
    child.once('error', (error) => {
      keep(error.message);
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended at the same moment.
  }
}
