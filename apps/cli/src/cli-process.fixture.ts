import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

export interface CliResult {
  code: number;
  out: string;
  problem: string;
}

/** Runs the command line in a process of its own, with nothing of our environment but the PATH. */
export function runCliProcess(
  words: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<CliResult> {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), ...words],
      { cwd, env: { PATH, NODE_COMPILE_CACHE, ...env } },
      (error, out, problem) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, problem }),
    );
  });
}
