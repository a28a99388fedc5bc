import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitLockFiles } from './changed-lock-files.ts';

let folder: string;
const git = (...words: string[]) => execFileSync('git', words, { cwd: folder });
const write = (text: string) => writeFile(join(folder, 'package-lock.json'), text);
const changed = async () => (await gitLockFiles(folder, undefined)).pairs.map(({ after }) => after.text);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'changed-lock-files-'));
  git('init', '-q');
  await write('{"before":1}');
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'before');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('[SEC-017] gives nothing where nothing has changed', async () => {
  expect(await changed()).toEqual([]);
});

it.each(['--assume-unchanged', '--skip-worktree'])(
  '[SEC-017] sees a change that the index is told to hide by %s',
  async (flag) => {
    git('update-index', flag, 'package-lock.json');
    await write('{"after":1}');
    expect(await changed()).toEqual(['{"after":1}']);
  },
);

it('[SEC-017] sees what is staged and is not in the working tree', async () => {
  await write('{"staged":1}');
  git('add', '-A');
  await write('{"before":1}');
  expect(await changed()).toEqual(['{"staged":1}']);
});
