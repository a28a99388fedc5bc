import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { diskCheck } from './disk.ts';
import { envFileCheck } from './env-file.ts';
import { fileModesCheck } from './file-modes.ts';
import { look } from './look.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-doctor-'));
  const made = folder;
  atEnd(() => rm(made, { recursive: true, force: true }));
});

describe('.env', () => {
  const write = async (text: string, mode = 0o600) => {
    await writeFile(join(folder, '.env'), text);
    await chmod(join(folder, '.env'), mode);
    return look(envFileCheck(join(folder, '.env')));
  };

  it('may be missing before the first start', async () => {
    expect(await look(envFileCheck(join(folder, '.env')))).toMatchObject([{ state: 'off' }]);
  });

  it('is fine for its owner alone', async () => {
    expect(await write('A=b\n')).toMatchObject([{ state: 'ok' }]);
  });

  it.each([0o640, 0o604, 0o644, 0o620])('is not, when others get at it: mode %o', async (mode) => {
    expect(await write('A=b\n', mode)).toMatchObject([{ state: 'fail', remedy: 'chmod 600 .env' }]);
  });

  it('names each line that a shell would read otherwise, and no value', async () => {
    const found = await write('A=hidden value\nB="open\n');
    expect(found.map(({ state }) => state)).toEqual(['fail', 'fail']);
    expect(found[0]?.detail).toMatch(/^\.env, line 1: A has a blank/);
    expect(found[1]?.detail).toMatch(/^\.env, line 2: B has a quote that is never closed/);
    expect(JSON.stringify(found)).not.toContain('hidden');
    expect(JSON.stringify(found)).not.toContain(folder);
  });

  it('must not be in git', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    expect(await write('A=b\n')).toMatchObject([{ state: 'ok' }]);
    execFileSync('git', ['add', '.env'], { cwd: folder });
    const [found] = await write('A=b\n');
    expect(found?.state).toBe('fail');
    expect(found?.detail).toContain('tracked by git');
  });
});

describe('the data folder', () => {
  it('may be missing before the first start', async () => {
    expect(await look(fileModesCheck(join(folder, 'none')))).toMatchObject([{ state: 'off' }]);
  });

  it('is fine for its owner alone, whatever lies in a closed folder', async () => {
    await writeFile(join(folder, 'open.json'), '', { mode: 0o644 });
    expect(await look(fileModesCheck(folder))).toMatchObject([{ state: 'ok' }]);
  });

  it.each([
    ['a file that others read', 'ports.json', 0o644, 'read in the data folder: ports.json'],
    ['a file that others change', 'ports.json', 0o666, 'change in the data folder: ports.json'],
  ])('tells %s', async (_, name, mode, said) => {
    await chmod(folder, 0o711);
    await writeFile(join(folder, name), '');
    await chmod(join(folder, name), mode);
    const [found] = await look(fileModesCheck(folder));
    expect(found).toMatchObject({ state: 'fail' });
    expect(found?.detail).toContain(said);
  });

  it('tells a folder that others list, and a log in it', async () => {
    await chmod(folder, 0o711);
    await mkdir(join(folder, 'logs'));
    await chmod(join(folder, 'logs'), 0o755);
    await writeFile(join(folder, 'logs', 'gateway.log'), '');
    await chmod(join(folder, 'logs', 'gateway.log'), 0o644);
    const [found] = await look(fileModesCheck(folder));
    expect(found?.detail).toContain('logs, logs/gateway.log');
    await chmod(join(folder, 'logs'), 0o700);
    expect(await look(fileModesCheck(folder))).toMatchObject([{ state: 'ok' }]);
  });
});

describe('the disk', () => {
  const megabytes = (count: number) => async () => count * 1024 * 1024;

  it.each([
    [100, 'fail'],
    [700, 'warn'],
    [50_000, 'ok'],
  ])('with %i MB left: %s', async (free, state) => {
    expect(await look(diskCheck(folder, megabytes(free)))).toMatchObject([{ state }]);
  });

  it('is that of the nearest folder that is there', async () => {
    const [found] = await look(diskCheck(join(folder, 'not', 'yet')));
    expect(found?.detail).toMatch(/^\d+ [MG]B free/);
  });
});
