import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogFile } from './log-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a log file', () => {
  it('keeps every line, in order, readable by its owner alone', async () => {
    const path = join(folder, 'gateway.log');
    const log = createLogFile(path);
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    for (const line of lines) log.write(line);
    await log.close();
    expect((await readFile(path, 'utf8')).trimEnd().split('\n')).toEqual(lines);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('never takes more than a few times its bound', async () => {
    const log = createLogFile(join(folder, 'gateway.log'), 1_000);
    for (let round = 0; round < 20; round += 1) {
      log.write('x'.repeat(600));
      await log.close();
    }
    const files = (await readdir(folder)).toSorted();
    expect(files.filter((file) => file !== 'gateway.log')).toEqual([
      'gateway.log.1',
      'gateway.log.2',
      'gateway.log.3',
    ]);
    for (const file of files) expect((await stat(join(folder, file))).size).toBeLessThan(2_000);
  });

  it('does not stop the plane when it cannot write', async () => {
    const log = createLogFile(join(folder, 'missing', 'gateway.log'));
    log.write('lost');
    await expect(log.close()).resolves.toBeUndefined();
  });
});
