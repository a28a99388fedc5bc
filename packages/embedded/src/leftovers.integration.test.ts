import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram } from './find-program.ts';
import { until } from './fixtures/until.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { startStack } from './stack.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-leftovers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function startAndKill(dataDir: string, searchPath?: string): Promise<ProcessIdentity[]> {
  const program = fileURLToPath(new URL('./fixtures/run-stack.ts', import.meta.url));
  const child = spawn(process.execPath, [program, dataDir, ...(searchPath ? [searchPath] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const parts: ProcessIdentity[] = JSON.parse(String(line));
  expect(parts).toHaveLength(3);
  expect(parts.every(isRunning)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return parts;
}

describe('a stack whose process was killed with -9', () => {
  it.runIf(process.platform === 'linux')('leaves no store behind', async () => {
    const parts = await startAndKill(join(folder, 'data'));
    await until('every store is gone', () => parts.every((part) => !isRunning(part)));
  });

  it('is cleaned up by the next start where the system cannot do that', async () => {
    // A system without setpriv.
    const bin = join(folder, 'bin');
    await mkdir(bin);
    for (const name of ['redis-server', 'valkey-server', 'unshare']) {
      const found = await findProgram([name]);
      if (found !== undefined) await symlink(found, join(bin, name));
    }
    const dataDir = join(folder, 'data');
    const parts = await startAndKill(dataDir, bin);
    expect(parts.every(isRunning)).toBe(true);

    const stack = await startStack({ dataDir, fast: true });
    expect(parts.some(isRunning)).toBe(false);
    await stack.stop();
  });
});
