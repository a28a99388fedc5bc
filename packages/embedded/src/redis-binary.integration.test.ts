import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRedis } from './redis-binary.ts';

const isRoot = process.getuid?.() === 0;
let bin: string;
beforeEach(async () => {
  bin = join(await mkdtemp(join(tmpdir(), 'actp-redis-')), 'bin');
  await mkdir(bin);
});
afterEach(() => rm(join(bin, '..'), { recursive: true, force: true }));

const script = (name: string, body: string) =>
  writeFile(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });

describe('a machine without Redis', () => {
  it('is told what to install when it has no package manager', async () => {
    await expect(findRedis(bin, () => undefined)).rejects.toThrow(
      /Redis is not installed\.\nInstall redis-server or valkey-server.*REDIS_URL/s,
    );
  });

  it.runIf(isRoot)('gets it from its package manager, with no service started and a notice', async () => {
    const log = join(bin, '..', 'log');
    await script('apt-get', `echo "$RUNLEVEL $*" >> ${log}\n/bin/cp ${bin}/apt-get ${bin}/redis-server`);
    const notices: string[] = [];
    expect(await findRedis(bin, (text) => notices.push(text))).toBe(join(bin, 'redis-server'));
    expect(notices.join()).toContain('installing it with');
    expect((await readFile(log, 'utf8')).trim().split('\n')).toEqual([
      '1 update',
      '1 install -y --no-install-recommends redis-server',
    ]);
  });

  it.runIf(isRoot)('is told the exact command when that fails', async () => {
    await script('apt-get', 'echo "E: no network" >&2; exit 100');
    const failing = findRedis(bin, () => undefined);
    await expect(failing).rejects.toThrow('E: no network');
    await expect(failing).rejects.toThrow(
      'Run: apt-get update && apt-get install -y --no-install-recommends redis-server',
    );
  });

  it('uses Valkey where that is what there is', async () => {
    await script('valkey-server', '');
    expect(await findRedis(bin, () => undefined)).toBe(join(bin, 'valkey-server'));
  });
});
