import { chmod, mkdir, mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceStop, lockDataDir, waitForDataDir } from './data-dir-lock.ts';
import { prepareDataDir } from './data-dir.ts';
import { identifyProcess } from './process-identity.ts';
import { StartupError } from './startup-error.ts';

const stoppingMs = 60_000;
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
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'data'), join(file, 'data', 'deeper')]) {
      await expect(prepareDataDir(path)).rejects.toThrow(/is a file \(ENOTDIR\).*\n.*ACTP_DATA_DIR/);
    }
  });

  it
    .runIf(process.platform === 'linux')
    .each(['/proc/data', '/proc/a/b', '/proc/self', '/sys/data', '/sys/a/b'])(
    'is refused at once where the system makes no folders: %s',
    async (path) => {
      const refused = await prepareDataDir(path).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StartupError);
      expect(String(refused)).toMatch(/The data folder cannot be used: .*\n.*ACTP_DATA_DIR/);
      expect(String(refused)).not.toContain(path);
    },
  );

  it('is refused when this user may not write to it', async () => {
    // Root may write anywhere; what it may not is held back by the file system.
    if (process.getuid?.() === 0) return;
    await chmod(folder, 0o500);
    await expect(prepareDataDir(folder)).rejects.toThrow('this user may not write there (EACCES)');
    await expect(prepareDataDir(join(folder, 'data'))).rejects.toThrow(
      'this user may not write there (EACCES)',
    );
  });

  it('may be reached through a link', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'));
    expect((await prepareDataDir(join(folder, 'link'))).path).toBe(await realpath(join(folder, 'real')));
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

  it('is waited for while its owner stops', async () => {
    await prepareDataDir(folder);
    const release = lockDataDir(folder);
    announceStop(folder);
    const said: string[] = [];
    const say = (text: string) => {
      said.push(text);
      release();
    };
    await waitForDataDir(folder, { say, signal: new AbortController().signal, stoppingMs });
    expect(said).toEqual([
      `Waiting for process ${process.pid}, which is stopping, to release the data folder`,
    ]);
    expect(await readdir(join(folder, 'run'))).toEqual([]);
    expect(await readdir(folder)).toEqual(['run']);
  });

  it('is not waited for when its owner stays, nor when this copy is stopped', async () => {
    await prepareDataDir(folder);
    const release = lockDataDir(folder);
    const wait = (signal: AbortSignal) =>
      waitForDataDir(folder, { say: () => expect.unreachable(), signal, stoppingMs });
    await expect(wait(new AbortController().signal)).rejects.toThrow(`in use by process ${process.pid}`);
    await expect(wait(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    release();
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
