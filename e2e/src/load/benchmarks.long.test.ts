import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const benchmarks = globSync('bench/src/*.bench.ts', { cwd: root }).toSorted();
const deadlineMs = 600_000;

it.each(benchmarks)('[NEXT-006] %s still runs', async (program) => {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--smoke'], {
    cwd: root,
    timeout: deadlineMs,
    env: { PATH, HOME, NODE_COMPILE_CACHE },
  });
  expect(stdout).not.toBe('');
});
