import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const deadlineMs = 600_000;

/** Where the benchmarks are, from the root. */
export const root = join(import.meta.dirname, '../../..');

/** Runs a benchmark for a moment. @returns what it printed @throws Error when it fails */
export async function runBenchmark(program: string): Promise<string> {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--smoke'], {
    cwd: root,
    timeout: deadlineMs,
    env: { PATH, HOME, NODE_COMPILE_CACHE },
  });
  return stdout;
}
