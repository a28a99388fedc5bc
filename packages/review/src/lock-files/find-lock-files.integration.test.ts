import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { findLockFiles } from './find-lock-files.ts';

const dir = await mkdtemp(join(tmpdir(), 'actp-lock-files-'));
atEnd(() => rm(dir, { recursive: true, force: true }));

async function project(files: Record<string, string | Buffer>): Promise<string> {
  const root = await mkdtemp(join(dir, 'project-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

describe('[SEC-017] the lock files of a project', () => {
  it('are also what requirements take in, under whatever name, once each', async () => {
    const root = await project({
      'requirements.txt': '-r deps/base.in\n-c limits\n',
      'deps/base.in': '-r ../requirements.txt\n-r more.in\na==1.0\n',
      'deps/more.in': 'b==1.0\n',
      limits: 'c==1.0\n',
    });
    const found = await findLockFiles(root, ['pip']);
    expect(found.reasons).toEqual([]);
    expect(found.lockFiles.map(({ path }) => path)).toEqual([
      'requirements.txt',
      'deps/base.in',
      'limits',
      'deps/more.in',
    ]);
  });

  it('are all read, or said not to be, beside one that is', async () => {
    const root = await project({
      'requirements.txt': 'a==1.0\n',
      'requirements/production.txt': 'b==1.0\n',
      'pylock.dev.toml': 'lock-version = "1.0"\n',
      'core/Cargo.lock': 'version = 4\n',
      'bun.lock': '{}',
    });
    execFileSync('sh', ['-c', `mkfifo '${join(root, 'uv.lock')}'`]);
    const found = await findLockFiles(root, ['pip']);
    expect(found.lockFiles.map(({ path }) => path)).toEqual([
      'requirements.txt',
      'requirements/production.txt',
    ]);
    const reason = 'is a lock file of a kind that is not read here';
    expect(found.reasons.toSorted()).toEqual([
      `core/Cargo.lock ${reason}`,
      `pylock.dev.toml ${reason}`,
      'uv.lock cannot be read',
    ]);
  });

  it.each([
    ['is not there', '-r gone.txt\n', 'gone.txt cannot be read'],
    [
      'is outside',
      '-r ../outside.txt\n',
      'requirements.txt takes in a file outside of the project (../outside.txt)',
    ],
    ['is somewhere', '-r https://example.com/a.txt\n', /takes in what an address has .* which is not read/],
  ])('are not all looked at when what is taken in %s', async (_, text, reason) => {
    const { reasons } = await findLockFiles(await project({ 'requirements.txt': text }), ['pip']);
    expect(reasons).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
  });

  it('are not all looked at when one cannot be understood, is of an unknown kind, or no UTF-8', async () => {
    const root = await project({
      'requirements.txt': 'what is this?\n',
      'dev-requirements.txt': Buffer.from('\uFEFFa==1.0\n', 'utf16le'),
      'a/b/c/d/e/f/g/h/uv.lock': '',
      'Pipfile.lock': '{}',
      // Of an ecosystem that is not looked at here.
      'bun.lock': '{}',
    });
    const { reasons } = await findLockFiles(root, ['pip']);
    expect(reasons).toEqual(
      [
        'Pipfile.lock is a lock file of a kind that is not read here',
        'dev-requirements.txt is no text in UTF-8',
        'requirements.txt has 1 lines that pip would not understand',
        'a/b/c/d/e/f/g/h/uv.lock has 1 × "version" in a form that is not understood',
        'a/b/c/d/e/f/g/h/uv.lock does not have the project itself: it is empty or cut off',
      ].toSorted((a, b) => reasons.indexOf(a) - reasons.indexOf(b)),
    );
  });

  it('are read behind links, and what never ends is not', async () => {
    const root = await project({ 'other.txt': 'a==1.0\n' });
    await symlink('other.txt', join(root, 'requirements.txt'));
    await symlink('/dev/zero', join(root, 'requirements-zero.txt'));
    const found = await findLockFiles(root, ['pip']);
    expect(found.lockFiles.map(({ path }) => path)).toEqual(['requirements.txt']);
    expect(found.reasons).toEqual(['requirements-zero.txt cannot be read']);
  });
});
