import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectState } from '../project-state.fixture.ts';
import { envFiles } from './env-files.ts';
import { commit, createRepositories, github, run } from './repository.fixture.ts';
import { secretsInHistory } from './scan-history.ts';
import { secretsInTree } from './scan-tree.ts';

const { project } = await createRepositories();
const leak = `const token = '${github}';\n`;
const places = async (root: string) =>
  (await secretsInTree.review(projectState({ root }))).observations.map(({ path }) => path ?? '').toSorted();
const pastPaths = async (root: string) =>
  (await secretsInHistory.review(projectState({ root }))).observations
    .map(({ path }) => path ?? '')
    .toSorted();

describe('[SEC-020] text is looked at whatever its name', () => {
  const names = [
    'app.min.js',
    'app.js.map',
    'a.min.css',
    'x.bin',
    'x.snap',
    'x.lock',
    'package-lock.json',
    'pnpm-lock.yaml',
    'poetry.lock',
    'logo.PNG',
    'picture.svg',
    'data.db',
    'archive.gz',
    'font.woff2',
  ];

  it.each([true, false])('in the tree (git: %s)', async (git) => {
    const root = await project(Object.fromEntries(names.map((name) => [name, leak])), git);
    expect(await places(root)).toEqual(names.map((name) => `${name}:1`).toSorted());
  });

  it('in the history', async () => {
    const root = await project(Object.fromEntries(names.map((name) => [name, leak])));
    commit(root);
    for (const name of names) await writeFile(join(root, name), 'harmless\n');
    expect(await pastPaths(root)).toEqual(names.toSorted());
  });
});

describe('[SEC-020] a file of more than 64 MiB', () => {
  it.each([
    ['is not called clean when it is text', 'a line of text\n', 'unavailable'],
    ['does not matter when it is no text', '\0\x01\x02\x03', 'clean'],
  ])('%s', async (_, beginning, verdict) => {
    const root = await project({ 'data.bin': beginning.repeat(20_000) }, false);
    // Sparse: it takes no room.
    await truncate(join(root, 'data.bin'), 65 * 1024 * 1024);
    expect(await secretsInTree.review(projectState({ root }))).toMatchObject({ verdict });
  });
});

describe('[SEC-020] a folder of others is looked at where git has it', () => {
  const paths = ['build/a.ts', 'dist/app.min.js', 'node_modules/x/index.js', 'vendor/b.go'];

  it('in the tree and in the history, not otherwise', async () => {
    const root = await project(Object.fromEntries(paths.map((path) => [path, leak])));
    expect(await places(root)).toEqual([]);
    commit(root);
    expect(await places(root)).toEqual(paths.map((path) => `${path}:1`));
    expect(await pastPaths(root)).toEqual([]);
    run(root, 'rm', '-q', '-r', '--cached', '.');
    expect(await places(root)).toEqual([]);
    expect(await pastPaths(root)).toEqual(paths);
  });
});

describe('[SEC-020] what only the configuration of this machine hides is looked at', () => {
  it('files and repositories, but not what a .gitignore names', async () => {
    const root = await project({
      '.gitignore': 'ignored.ts\n',
      'ignored.ts': leak,
      'excluded.ts': leak,
      'by-setting.ts': leak,
      'sub/.gitignore': 'here.ts\n',
      'sub/here.ts': leak,
      'lib/a.ts': leak,
    });
    run(join(root, 'lib'), 'init', '-q');
    await writeFile(join(root, '.git/info/exclude'), 'excluded.ts\nlib/\n');
    await writeFile(join(root, '.git/hidden'), 'by-setting.ts\n');
    run(root, 'config', 'core.excludesFile', join(root, '.git/hidden'));
    expect(await places(root)).toEqual(['by-setting.ts:1', 'excluded.ts:1', 'lib/a.ts:1']);
    await writeFile(join(root, '.git/info/exclude'), '*\n');
    const all = ['by-setting.ts:1', 'excluded.ts:1', 'lib/a.ts:1'];
    expect(await places(root)).toEqual(expect.arrayContaining(all));
  });

  it('in another case than the one that .gitignore names', async () => {
    const root = await project({ '.gitignore': 'KEYS.TS\n', 'keys.ts': leak });
    run(root, 'config', 'core.ignoreCase', 'true');
    expect(await places(root)).toEqual(['keys.ts:1']);
  });

  it('also where the repository is said to lie elsewhere, or to have no files', async () => {
    const top = await project({ 'app/gone.ts': leak, 'app/staged.ts': 'a\n' });
    commit(top);
    const root = join(top, 'app');
    const elsewhere = await project({}, false);
    await writeFile(join(root, 'gone.ts'), 'a\n');
    await writeFile(join(root, 'new.ts'), leak);
    const settings: Array<[string, string]> = [
      ['core.bare', 'true'],
      ['core.bare', 'false'],
      ['core.worktree', elsewhere],
      ['core.worktree', join(top, '..')],
    ];
    for (const [name, value] of settings) {
      run(root, `--git-dir=${top}/.git`, 'config', name, value);
      expect(await places(root)).toEqual(['new.ts:1']);
      expect(await pastPaths(root)).toEqual(['gone.ts']);
    }
  });

  it('and no folder that looks like a repository stands for the one that it is in', async () => {
    const top = await project({ 'app/a.ts': leak });
    commit(top);
    const root = join(top, 'app');
    await writeFile(join(root, 'a.ts'), 'a\n');
    run(root, 'init', '-q', '--bare', '.');
    await writeFile(join(root, 'b.ts'), leak);
    expect(await places(root)).toEqual(['b.ts:1']);
    expect(await secretsInHistory.review(projectState({ root }))).toMatchObject({ verdict: 'unavailable' });
  });

  it('and .env is what git makes of it', async () => {
    const root = await project({ '.env': 'A=1\n' });
    await writeFile(join(root, '.git/info/exclude'), '.env\n');
    expect(await envFiles.review(projectState({ root }))).toMatchObject({ verdict: 'clean' });
  });
});

describe('[SEC-020] secrets in the target of a link', () => {
  it.each([true, false])('are found, and the file behind it is not read (git: %s)', async (git) => {
    const root = await project({ '.gitignore': '.env.key\n' }, git);
    const outside = join(await project({ key: leak }, false), 'key');
    await symlink(`../${github}/x`, join(root, 'link'));
    await symlink(github, join(root, '.env'));
    await symlink(outside, join(root, 'out'));
    expect(await places(root)).toEqual(['.env:1', 'link:1']);
  });
});
