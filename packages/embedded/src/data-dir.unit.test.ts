import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from './data-dir-lock.ts';
import { prepareDataDir } from './data-dir.ts';
import { identifyProcess } from './process-identity.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-data-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the data folder', () => {
  it('is made, and no other user can list it', async () => {
    const { path, run } = await prepareDataDir(join(folder, 'a', 'b'));
    expect((await stat(path)).mode & 0o077 & ~0o011).toBe(0);
    expect((await stat(run)).mode & 0o777).toBe(0o700);
  });

  it('is refused with a remedy when it cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(prepareDataDir(join(folder, 'file', 'data'))).rejects.toThrow(/ENOTDIR.*\n.*ACTP_DATA_DIR/);
  });

  it('is refused with a remedy when the disk is full', async () => {
    const more = Number.MAX_SAFE_INTEGER;
    await expect(prepareDataDir(folder, more)).rejects.toThrow(/is full: \d+ MB free.*\n.*Free some space/);
  });
});

describe('its lock', () => {
  it('keeps a second one out until it is released', () => {
    const release = lockDataDir(folder);
    expect(() => lockDataDir(folder)).toThrow(`in use by process ${process.pid}`);
    release();
    lockDataDir(folder)();
  });

  it('is taken over from a dead process, also when its pid belongs to somebody else by now', async () => {
    const stale = { pid: process.ppid, startedAt: 'long ago' };
    expect(identifyProcess(process.ppid)).toBeDefined();
    await writeFile(join(folder, 'lock'), JSON.stringify(stale));
    lockDataDir(folder)();
    await writeFile(join(folder, 'lock'), 'half a li');
    lockDataDir(folder)();
    expect(await readdir(folder)).toEqual([]);
  });
});
