import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const start = join(import.meta.dirname, 'start.mjs');
const lockModule = join(import.meta.dirname, 'install-lock.mjs');

const run = (...words: string[]) => spawnSync(process.execPath, [start, ...words], { encoding: 'utf8' });

describe('npm start with an option', () => {
  it('shows how it is used', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const word of ['Usage:', 'GATEWAY_PORT', 'ACTP_DATA_DIR', '.env']) expect(stdout).toContain(word);
  });

  it('refuses an unknown one', () => {
    const { status, stderr } = run('--fast');
    expect(status).toBe(2);
    expect(stderr).toContain('Unknown option: --fast');
  });
});

describe('installing from two copies at once', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'actp-install-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  // Takes the lock, notes when it went in and out, and releases it.
  const program = (lock: string, log: string) => `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { takeInstallLock } from ${JSON.stringify(lockModule)};
    const release = await takeInstallLock(${JSON.stringify(lock)}, () => undefined);
    appendFileSync(${JSON.stringify(log)}, 'in ');
    await delay(50);
    appendFileSync(${JSON.stringify(log)}, 'out\\n');
    release();`;

  it('lets one install at a time, and takes the lock of a dead one over', async () => {
    const lock = join(folder, 'lock');
    const log = join(folder, 'log');
    const dead = spawnSync(process.execPath, ['--version']).pid;
    await writeFile(lock, String(dead));
    const copies = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '--eval', program(lock, log)], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(copies.map((copy) => once(copy, 'exit')));
    expect(codes.map(([code]) => code)).toEqual([0, 0, 0, 0]);
    expect((await readFile(log, 'utf8')).trim().split('\n')).toEqual(Array(4).fill('in out'));
    await expect(readFile(lock)).rejects.toThrow('ENOENT');
  });
});
