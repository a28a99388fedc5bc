import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGit } from './git.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'git-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const mark = () => join(dir, 'carried-out');
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: dir, stdio: 'pipe' });

/** A repository as code under test could leave it. */
async function repository(config: Array<[string, string]>): Promise<void> {
  const program = join(dir, '.git', 'program');
  git('init', '-q');
  await writeFile(program, `#!/bin/sh\ntouch ${mark()}\ncat\n`);
  await chmod(program, 0o755);
  await writeFile(join(dir, 'a.txt'), 'one\n');
  await writeFile(join(dir, '.gitattributes'), '*.txt filter=own\n');
  git('add', '.');
  git('commit', '-qm', 'first');
  await writeFile(join(dir, 'a.txt'), 'two\n');
  for (const [key, value] of config) git('config', key, value.replace('PROGRAM', program));
}

describe('git in a repository that code under test has written', () => {
  it.each([
    [
      'a filter',
      [
        ['filter.own.clean', 'PROGRAM'],
        ['filter.own.required', 'true'],
      ],
    ],
    [
      'a filter that stays',
      [
        ['filter.own.process', 'PROGRAM'],
        ['filter.own.smudge', 'PROGRAM'],
      ],
    ],
    ['a file system monitor', [['core.fsmonitor', 'PROGRAM']]],
    ['another program for differences', [['diff.external', 'PROGRAM']]],
  ] as Array<[string, Array<[string, string]>]>)(
    '[TRU-002] does not carry out %s of it',
    async (_what, config) => {
      await repository(config);
      expect(existsSync(mark())).toBe(false);
      const diff = await createGit(process.env).run(dir, [
        'diff',
        '--stat=100',
        '--no-color',
        '--no-ext-diff',
        'HEAD',
      ]);
      expect(diff).toContain('a.txt');
      expect(existsSync(mark())).toBe(false);
      // As it is without that care.
      git('diff', 'HEAD');
      expect(existsSync(mark())).toBe(true);
    },
  );

  it.each<[hook: string, words: readonly string[]]>([
    ['reference-transaction', ['update-ref', 'refs/heads/other', 'HEAD']],
    ['post-index-change', ['read-tree', 'HEAD']],
  ])('[TRU-002] does not carry out its hook %s', async (hook, words) => {
    await repository([]);
    await writeFile(join(dir, '.git', 'hooks', hook), `#!/bin/sh\ntouch ${mark()}\n`, { mode: 0o755 });
    expect(await createGit(process.env).run(dir, words)).not.toBeNull();
    expect(existsSync(mark())).toBe(false);
    git(...words);
    expect(existsSync(mark())).toBe(true);
  });
});
