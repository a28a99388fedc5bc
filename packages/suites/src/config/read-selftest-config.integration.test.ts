import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSelftestConfig } from './read-selftest-config.ts';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'selftest-config-'));
  file = join(dir, 'selftest.yaml');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const wrong = (message: string) => ({ ok: false, problems: [{ line: null, path: '', message }] });

describe('the file of the self-test configuration', () => {
  it('is read anew each time', async () => {
    await writeFile(file, 'services: []');
    expect(await readSelftestConfig(file)).toMatchObject({ ok: true });
    await writeFile(file, 'service: []');
    expect(await readSelftestConfig(file)).toMatchObject({ ok: false });
  });

  it('that is missing, a directory or a pipe is a problem, not a crash and not a hang', async () => {
    expect(await readSelftestConfig(file)).toEqual(wrong('does not exist'));
    await mkdir(file);
    expect(await readSelftestConfig(file)).toEqual(wrong('is not a regular file'));
    await rm(file, { recursive: true });
    await promisify(execFile)('mkfifo', [file]);
    expect(await readSelftestConfig(file)).toEqual(wrong('is not a regular file'));
  });

  it('of more than 1 MiB is not read', async () => {
    await writeFile(file, `# ${'x'.repeat(1024 * 1024)}\n`);
    const message = 'has 1048579 bytes, more than the 1048576 that are read';
    expect(await readSelftestConfig(file)).toEqual(wrong(message));
  });

  it('that is not UTF-8 says so', async () => {
    await writeFile(file, Buffer.from([0x73, 0xff, 0xfe]));
    expect(await readSelftestConfig(file)).toEqual(wrong('is not UTF-8 text'));
  });
});
