import { execFileSync } from 'node:child_process';
import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { projectState } from '../project-state.fixture.ts';
import { envFiles } from './env-files.ts';
import { commit, createRepositories, github, run } from './repository.fixture.ts';
import { secretsInTree } from './scan-tree.ts';

const { project, nothing } = await createRepositories();
const leak = `const token = '${github}';\n`;
const tree = (root: string) => secretsInTree.review(projectState({ root }));
const settings = async (root: string) => {
  const { observations } = await envFiles.review(projectState({ root }));
  return observations.map(({ title }) => title).toSorted();
};

describe('[SEC-020] secrets in files', () => {
  it.each([true, false])('are found in UTF-16 and under names that are no UTF-8 (git: %s)', async (git) => {
    const root = await project({ 'a.ps1': Buffer.from(`\uFEFF\n${leak}`, 'utf16le') }, git);
    await writeFile(
      Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.ts')]),
      leak,
    );
    const { verdict, observations } = await tree(root);
    expect(verdict).toBe('findings');
    expect(observations.map(({ path }) => path ?? '').toSorted()).toEqual(['\\xFF\\xFE.ts:1', 'a.ps1:2']);
  });

  it.each([true, false])('are not called clean where a path cannot be opened (git: %s)', async (git) => {
    const root = await project({}, git);
    // Longer than what the system opens by its whole name.
    const name = 'x'.repeat(200);
    execFileSync(
      'sh',
      [
        '-c',
        `for n in $(seq 25); do mkdir ${name} && cd -P ${name} || exit 1; done; echo '${leak.trim()}' > a.ts`,
      ],
      { cwd: root },
    );
    atEnd(() => void execFileSync('rm', ['-rf', root]));
    const { verdict, reason } = await tree(root);
    expect({ verdict, reason }).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringMatching(/cannot (?:be read|read every folder)/) as string,
    });
  });

  it('are not called clean where the folder of the project is missing, or is a file', async () => {
    const root = await project({ file: 'a\n' }, false);
    for (const path of [nothing, join(root, 'file')]) {
      expect(await tree(path)).toMatchObject({ verdict: 'unavailable' });
      expect(await envFiles.review(projectState({ root: path }))).toMatchObject({ verdict: 'unavailable' });
    }
  });

  it('are found in a project that lies in an ignored folder of another repository', async () => {
    const top = await project({ '.gitignore': 'work/\n', 'work/shop/a.ts': leak, 'work/shop/.env': 'A=1\n' });
    commit(top);
    run(top, 'rm', '-q', '-r', '--cached', 'work');
    const root = join(top, 'work/shop');
    expect((await tree(root)).observations.map(({ path }) => path)).toEqual(['a.ts:1']);
    expect(await envFiles.review(projectState({ root }))).toMatchObject({ verdict: 'clean' });
    run(top, 'add', '-f', 'work/shop/.env');
    expect(await settings(root)).toEqual(['.env is tracked by git']);
  });

  it('are found in samples of settings, which everybody gets', async () => {
    const root = await project({ '.env.example': `TOKEN=${github}\nOTHER=changeme\n` });
    expect((await tree(root)).observations.map(({ path }) => path)).toEqual(['.env.example:1']);
  });
});

describe('[SEC-020] .env', () => {
  it('whatever stands behind it, in any case', async () => {
    const names = [
      '.env',
      '.env.local',
      '.env.production.local',
      '.env~',
      '.env.bak',
      '.env-prod',
      '.env_old',
      '.ENV',
      '.env.keys',
      '.env copy',
    ];
    const harmless = [
      '.env.example',
      '.env.sample',
      '.env.template',
      '.env.vault',
      '.env.test',
      '.env.d.ts',
      '.envrc',
      '.environment',
    ];
    const root = await project(
      Object.fromEntries([...names, ...harmless].map((name) => [`app/${name}`, 'A=1\n'])),
    );
    for (const name of harmless) await chmod(join(root, 'app', name), 0o644);
    expect(await settings(root)).toEqual(names.map((name) => `app/${name} is not ignored by git`).toSorted());
    await writeFile(join(root, '.gitignore'), '.env*\n.ENV\n');
    expect(await settings(root)).toEqual([]);
    for (const name of names) await chmod(join(root, 'app', name), 0o604);
    expect(await settings(root)).toEqual(
      names.map((name) => `app/${name} can be read by other accounts`).toSorted(),
    );
  });

  it.each([true, false])(
    'that is a link has the rights of the file to which it leads (git: %s)',
    async (git) => {
      const root = await project({ '.gitignore': '.env\nnowhere/.env\n', 'settings/real': 'A=1\n' }, git);
      const outside = join(await project({ shared: 'A=1\n' }, false), 'shared');
      await symlink(outside, join(root, '.env'));
      expect(await settings(root)).toEqual([]);
      await chmod(outside, 0o640);
      expect(await settings(root)).toEqual(['.env can be read by other accounts']);
      await rm(join(root, '.env'));
      await symlink('nowhere', join(root, '.env'));
      expect(await settings(root)).toEqual([]);
      await rm(join(root, '.env'));
      await symlink('settings/real', join(root, '.env'));
      expect(await settings(root)).toEqual(git ? ['.env leads to a file that is not ignored by git'] : []);
      if (git) run(root, 'add', 'settings/real');
      expect(await settings(root)).toEqual(git ? ['.env leads to a file that is tracked by git'] : []);
    },
  );

  it('of a repository within the project is judged by that one', async () => {
    const root = await project({
      'a.ts': 'a\n',
      'lib/.env': 'A=1\n',
      'lib/.env.prod': 'A=1\n',
      'lib/.env.own': 'A=1\n',
    });
    run(join(root, 'lib'), 'init', '-q');
    await writeFile(join(root, 'lib/.gitignore'), '.env.own\n');
    run(join(root, 'lib'), 'add', '.env', '.gitignore');
    run(join(root, 'lib'), 'commit', '-q', '-m', 'a commit');
    await chmod(join(root, 'lib/.env.own'), 0o644);
    expect(await settings(root)).toEqual([
      'lib/.env is tracked by git',
      'lib/.env.own can be read by other accounts',
      'lib/.env.prod is not ignored by git',
    ]);
  });

  it('that git still has is a finding when the file is gone', async () => {
    const root = await project({ '.env': 'A=1\n' });
    commit(root);
    await rm(join(root, '.env'));
    expect(await settings(root)).toEqual(['.env is tracked by git']);
  });

  it('cannot be judged where git is missing or cannot read the repository', async () => {
    const root = await project({ '.env': 'A=1\n' });
    const without = await envFiles.review(projectState({ root, env: { PATH: nothing } }));
    expect(without).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('git could not say') as string,
    });
    await writeFile(join(root, '.git/config'), '[core\n');
    expect(await envFiles.review(projectState({ root }))).toMatchObject({ verdict: 'unavailable' });
    await rm(join(root, '.git'), { recursive: true });
    expect(await envFiles.review(projectState({ root }))).toMatchObject({ verdict: 'clean' });
  });
});

describe('[SEC-020] secrets in files that the settings of one copy hide', () => {
  it('are found', async () => {
    const root = await project({ 'a.ts': leak, 'inner/b.ts': leak, 'c.ts': leak }, true);
    await writeFile(join(root, '.git/info/exclude'), 'a.ts\ninner/\n');
    await writeFile(join(root, '.git/more'), 'c.ts\n');
    run(root, 'config', 'core.excludesFile', join(root, '.git/more'));
    const { observations } = await tree(root);
    expect(observations.map(({ path }) => path ?? '').toSorted()).toEqual([
      'a.ts:1',
      'c.ts:1',
      'inner/b.ts:1',
    ]);
  });

  it('are found where the repository names another folder as its own', async () => {
    const other = await project({}, true);
    const root = await project({ 'a.ts': leak, 'inner/b.ts': leak }, true);
    run(root, 'config', 'core.worktree', other);
    expect((await tree(root)).observations).toHaveLength(2);
    expect((await tree(join(root, 'inner'))).observations.map(({ path }) => path)).toEqual(['b.ts:1']);
  });
});
