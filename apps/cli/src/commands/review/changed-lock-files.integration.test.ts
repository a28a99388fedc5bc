import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { gitLockFiles, namedLockFiles } from './changed-lock-files.ts';
import { gitRoot } from './git.ts';

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

const put = async (path: string, text: string) => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
};
const commit = (where = folder) => {
  execFileSync('git', ['add', '-A'], { cwd: where });
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'more'], {
    cwd: where,
  });
};
const sortedPaths = async () => (await paths()).toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
const paths = async () =>
  (await gitLockFiles(folder, undefined)).pairs.map(({ path, before }) => [path, before !== undefined]);

it('[SEC-017] sees what requirements take in, under whatever name and however deep', async () => {
  await put('requirements.txt', '-r deps/base.in\n');
  await put('deps/base.in', '-c ../limits\na==1.0\n');
  await put('limits', 'a==1.0\n');
  commit();
  await put('limits', 'a==2.0\n');
  expect(await paths()).toEqual([['limits', true]]);
  await put('requirements.txt', '-r deps/base.in\n-r new.in\n');
  await put('new.in', 'b==1.0\n');
  expect(await sortedPaths()).toEqual([
    ['limits', true],
    ['new.in', false],
    ['requirements.txt', true],
  ]);
});

it.each([
  ['is not there', '-r gone.txt\n', /gone\.txt, which requirements\.txt takes in, cannot be read/],
  ['is outside', '-r ../outside.txt\n', /takes in a file outside of the repository/],
])('[SEC-017] compares nothing when what is taken in %s', async (_, text, message) => {
  await put('requirements.txt', text);
  await expect(paths()).rejects.toThrow(message);
});

it('[SEC-017] sees lock files of folders, ignored ones, and those of an unknown kind', async () => {
  await put('.gitignore', 'yarn.lock\nnode_modules\n/cache/\n');
  await put('apps/one/uv.lock', 'version = 1\n');
  await put('apps/two/yarn.lock', '# yarn lockfile v1\n');
  await put('node_modules/a/yarn.lock', '# yarn lockfile v1\n');
  await put('bun.lock', '{}');
  expect(await sortedPaths()).toEqual([
    ['apps/one/uv.lock', false],
    ['apps/two/yarn.lock', false],
    ['bun.lock', false],
  ]);
});

it('[SEC-017] sees lock files of submodules, by the commits that they have and had', async () => {
  const other = await mkdtemp(join(tmpdir(), 'changed-lock-files-'));
  onTestFinished(() => rm(other, { recursive: true, force: true }));
  execFileSync('git', ['init', '-q'], { cwd: other });
  await writeFile(join(other, 'package-lock.json'), '{"one":1}');
  commit(other);
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other, 'inner');
  expect(await paths()).toEqual([['inner/package-lock.json', false]]);
  commit();
  expect(await paths()).toEqual([]);
  await put('inner/package-lock.json', '{"two":2}');
  expect(await paths()).toEqual([['inner/package-lock.json', true]]);
  commit(join(folder, 'inner'));
  expect(await paths()).toEqual([['inner/package-lock.json', true]]);

  git('add', '-A');
  git('submodule', '--quiet', 'deinit', '--force', 'inner');
  await expect(paths()).rejects.toThrow(/inner \(a submodule\) is another commit than before/);
});

it('[SEC-017] compares nothing beside a repository inside that nobody looks into', async () => {
  await put('tool/package-lock.json', '{}');
  execFileSync('git', ['init', '-q'], { cwd: join(folder, 'tool') });
  await expect(paths()).rejects.toThrow(/tool\/ is a repository of its own/);
});

it('[SEC-017] compares with what was committed, not with what was put in its place', async () => {
  const blob = execFileSync('git', ['rev-parse', 'HEAD:package-lock.json'], { cwd: folder })
    .toString()
    .trim();
  await write('{"evil":1}');
  const evil = execFileSync('git', ['hash-object', '-w', 'package-lock.json'], { cwd: folder })
    .toString()
    .trim();
  git('replace', blob, evil);
  expect(await changed()).toEqual(['{"evil":1}']);
});

it('[SEC-017] names the commit that a base was', async () => {
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder }).toString().trim();
  git('branch', 'other');
  await write('{"after":1}');
  commit();
  expect(await gitLockFiles(folder, 'other')).toMatchObject({ commit: head, pairs: [{}] });
});

const head = (where = folder) =>
  execFileSync('git', ['rev-parse', 'HEAD'], { cwd: where, encoding: 'utf8' }).trim();

it.each([
  ['tag', ['tag', 'origin/main']],
  ['branch', ['branch', 'origin/main']],
  ['reference', ['update-ref', 'refs/origin/main', 'HEAD']],
])('[SEC-017] takes no %s for the base that is called like it', async (_, words) => {
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  await write('{"evil":1}');
  commit();
  expect((await gitLockFiles(folder, 'origin/main')).pairs).toHaveLength(1);
  git(...words);
  await expect(gitLockFiles(folder, 'origin/main')).rejects.toThrow(
    /origin\/main is ambiguous: .*\nWrite in full .* refs\/remotes\/origin\/main\./,
  );
  expect((await gitLockFiles(folder, 'refs/remotes/origin/main')).pairs).toHaveLength(1);
});

it('[SEC-017] takes the id of a commit for that, whatever is called like it', async () => {
  const base = head();
  await write('{"evil":1}');
  commit();
  git('tag', base);
  git('branch', `refs/tags/${base}`);
  expect(await gitLockFiles(folder, base)).toMatchObject({ commit: base, pairs: [{}] });
  expect(await gitLockFiles(folder, base.slice(0, 12))).toMatchObject({ commit: base, pairs: [{}] });
  git('tag', base.slice(0, 12));
  await expect(gitLockFiles(folder, base.slice(0, 12))).rejects.toThrow(/is ambiguous/);
});

it.each(['nope', '@{u}', ':/before', 'refs/heads/origin/main', '--output=x', ''])(
  '[SEC-017] refuses the base "%s", which names no commit',
  async (base) => {
    git('branch', 'refs/heads/origin/main');
    await expect(gitLockFiles(folder, base)).rejects.toThrow(/is no branch, tag or commit/);
  },
);

it('[SEC-017] reads the folder that was named, not the one that the repository names', async () => {
  const clean = await mkdtemp(join(tmpdir(), 'changed-lock-files-'));
  onTestFinished(() => rm(clean, { recursive: true, force: true }));
  await writeFile(join(clean, 'package-lock.json'), '{"before":1}');
  await write('{"evil":1}');
  git('config', 'core.worktree', clean);
  expect(await gitRoot(folder)).toBe(await realpath(folder));
  expect(await changed()).toEqual(['{"evil":1}']);
  await put('apps/new/yarn.lock', '# yarn lockfile v1\n');
  expect(await sortedPaths()).toContainEqual(['apps/new/yarn.lock', false]);
});

it('[SEC-017] sees what only the settings of one copy ignore', async () => {
  await put('apps/one/yarn.lock', '# yarn lockfile v1\n');
  await put('apps/two/yarn.lock', '# yarn lockfile v1\n');
  await put('.git/info/exclude', 'one/\n');
  await put('.git/ignore', 'two/\n');
  git('config', 'core.excludesFile', join(folder, '.git/ignore'));
  expect(await sortedPaths()).toEqual([
    ['apps/one/yarn.lock', false],
    ['apps/two/yarn.lock', false],
  ]);
});

it.each(['pipe', 'folder', 'device'])(
  '[SEC-017] waits for no %s in the place of a lock file',
  async (kind) => {
    const path = join(folder, 'package-lock.json');
    await rm(path);
    if (kind === 'pipe') execFileSync('sh', ['-c', `mkfifo '${path}'`]);
    else if (kind === 'folder') await mkdir(path);
    else await symlink('/dev/zero', path);
    await expect(changed()).rejects.toThrow('package-lock.json cannot be read');
    await expect(namedLockFiles(path, path)).rejects.toThrow('cannot be read');
  },
);

it.each(['clean', 'process'])(
  '[SEC-017] runs no filter (%s) that the repository configures, while it compares',
  async (kind) => {
    await put('.gitattributes', '* filter=evil\n');
    commit();
    git('config', `filter.evil.${kind}`, `touch '${join(folder, '.git', 'ran')}'; cat`);
    // Of the same length, so that only the content says it.
    await write('{"beforf":1}');
    expect(await changed()).toEqual(['{"beforf":1}']);
    expect(await readdir(join(folder, '.git'))).not.toContain('ran');
  },
);
