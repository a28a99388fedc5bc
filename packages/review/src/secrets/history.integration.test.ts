import { execFileSync } from 'node:child_process';
import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { projectState } from '../project-state.fixture.ts';
import { envFiles } from './env-files.ts';
import { commit, createRepositories, github, run, stripe } from './repository.fixture.ts';
import { secretsInHistory } from './scan-history.ts';
import { secretsInTree } from './scan-tree.ts';

const { project } = await createRepositories();
const leak = `const token = '${github}';\n`;
const review = (root: string) => secretsInHistory.review(projectState({ root }));
const titles = async (root: string) => {
  const { verdict, observations } = await review(root);
  expect(verdict).not.toBe('unavailable');
  expect(JSON.stringify(observations)).not.toContain(github);
  return observations.map(({ title }) => title.replaceAll(/\b[\da-f]{12}\b/g, '...')).toSorted();
};
/** Adds a file and takes it out again, in two commits. */
async function comeAndGo(root: string, path: string, content: string | Buffer): Promise<void> {
  await writeFile(join(root, path), content);
  commit(root);
  await rm(join(root, path));
  commit(root);
}

describe('[SEC-020] secrets in the history are found', () => {
  it('in a merge commit, where no parent has them', async () => {
    const root = await project({ 'a.ts': 'a\n' });
    commit(root);
    run(root, 'checkout', '-q', '-b', 'side');
    await writeFile(join(root, 'b.ts'), 'b\n');
    commit(root);
    run(root, 'checkout', '-q', 'main');
    await writeFile(join(root, 'c.ts'), 'c\n');
    commit(root);
    run(root, 'merge', '-q', '--no-commit', 'side');
    await writeFile(join(root, 'a.ts'), leak);
    await writeFile(join(root, 'new.ts'), leak);
    commit(root);
    await writeFile(join(root, 'a.ts'), 'a\n');
    await rm(join(root, 'new.ts'));
    commit(root);
    expect(await titles(root)).toEqual([
      'github-pat in a.ts in commit ...',
      'github-pat in new.ts in commit ...',
    ]);
  });

  it('on a branch whose changes a merge has thrown away, and in the first commit', async () => {
    const root = await project({ 'first.ts': leak });
    commit(root);
    await writeFile(join(root, 'first.ts'), 'a\n');
    commit(root);
    run(root, 'checkout', '-q', '-b', 'side');
    await comeAndGo(root, 'b.ts', leak);
    run(root, 'checkout', '-q', 'main');
    run(root, 'merge', '-q', '-s', 'ours', '--no-ff', '-m', 'merged', 'side');
    run(root, 'branch', '-D', 'side');
    run(root, 'config', 'log.showRoot', 'false');
    expect(await titles(root)).toEqual([
      'github-pat in b.ts in commit ...',
      'github-pat in first.ts in commit ...',
    ]);
  });

  it('in files that have the attributes -diff or binary, and in UTF-16', async () => {
    const root = await project({ '.gitattributes': '*.x -diff\n*.y binary\n*.z -text diff=none\n' });
    for (const path of ['a.x', 'b.y', 'c.z']) await comeAndGo(root, path, leak);
    await comeAndGo(root, 'd.ps1', Buffer.from(`\uFEFF${leak}`, 'utf16le'));
    await comeAndGo(root, 'e.ps1', Buffer.from(leak, 'utf16le'));
    expect(await titles(root)).toEqual(
      ['a.x', 'b.y', 'c.z', 'd.ps1', 'e.ps1'].map((path) => `github-pat in ${path} in commit ...`),
    );
  });

  it('in files whose names git would quote, or which are no UTF-8, once each', async () => {
    const root = await project({});
    const names = [
      'with space.ts',
      'tab\there.ts',
      'two\nlines.ts',
      '"quoted".ts',
      'b\\a.ts',
      'grün.ts',
      ' b/c.ts',
    ];
    await mkdir(join(root, ' b'));
    for (const name of names) await writeFile(join(root, name), leak);
    const odd = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.ts')]);
    await writeFile(odd, leak);
    const shown = [...names, 'caf\\xE9.ts'].toSorted();
    const present = await secretsInTree.review(projectState({ root }));
    expect(present.observations.map(({ path }) => path ?? '').toSorted()).toEqual(
      shown.map((name) => `${name}:1`).toSorted(),
    );
    commit(root);
    // They stand in the tree, and are found there.
    expect(await titles(root)).toEqual([]);
    for (const name of names) await rm(join(root, name));
    await rm(odd);
    commit(root);
    expect(await titles(root)).toEqual(shown.map((name) => `github-pat in ${name} in commit ...`).toSorted());
  });

  it('in messages of commits and tags, in notes, in tags of files, in every stash, and in what is staged', async () => {
    const root = await project({ 'a.ts': 'a\n' });
    commit(root, `a commit\n\nwith ${github}`);
    run(root, 'tag', '-a', 'v1', '-m', `token ${github}`);
    run(root, 'tag', '-a', 'v2', '-m', `the tag of a tag ${github}`, 'v1');
    run(root, 'notes', 'add', '-m', `a note: ${github}`);
    await writeFile(join(root, 'b.ts'), leak);
    run(root, 'tag', 'file', run(root, 'hash-object', '-w', 'b.ts'));
    await rm(join(root, 'b.ts'));
    for (const name of ['first.ts', 'second.ts']) {
      await writeFile(join(root, name), leak);
      run(root, 'stash', 'push', '-q', '--include-untracked');
    }
    await writeFile(join(root, 'staged.ts'), leak);
    run(root, 'add', 'staged.ts');
    await writeFile(join(root, 'staged.ts'), 'harmless\n');
    expect((await titles(root)).filter((title) => !/[\da-f]{40}/.test(title))).toEqual([
      'github-pat in file in the ref refs/tags/file',
      'github-pat in first.ts in commit ...',
      'github-pat in second.ts in commit ...',
      'github-pat in staged.ts in the index',
      'github-pat in the message of commit ...',
      'github-pat in the message of tag v1',
      'github-pat in the message of tag v2',
    ]);
    expect((await titles(root)).filter((title) => /[\da-f]{40}/.test(title))).toHaveLength(1);
  });

  it('in settings that were committed once, and in files that git ignores today', async () => {
    const root = await project({});
    await comeAndGo(root, '.env', `TOKEN=${github}\n`);
    await writeFile(join(root, 'local.ts'), leak);
    commit(root);
    run(root, 'rm', '-q', '--cached', 'local.ts');
    await writeFile(join(root, '.gitignore'), 'local.ts\n');
    run(root, 'add', '.gitignore');
    run(root, 'commit', '-q', '-m', 'ignored');
    expect(await titles(root)).toEqual([
      'github-pat in .env in commit ...',
      'github-pat in local.ts in commit ...',
    ]);
  });

  it('of a project that is a folder of its repository: its own, once', async () => {
    const top = await project({ 'app/a.ts': leak, 'app/here.ts': leak, 'other/b.ts': leak });
    commit(top);
    await rm(join(top, 'app/a.ts'));
    commit(top);
    const root = join(top, 'app');
    expect(await titles(root)).toEqual(['github-pat in a.ts in commit ...']);
    const tree = await secretsInTree.review(projectState({ root }));
    expect(tree.observations.map(({ path }) => path)).toEqual(['here.ts:1']);
  });

  it('of repositories within the project', async () => {
    const root = await project({ 'a.ts': 'a\n', 'lib/b.ts': 'b\n' });
    run(join(root, 'lib'), 'init', '-q');
    await comeAndGo(join(root, 'lib'), 'gone.ts', leak);
    await writeFile(join(root, 'lib/here.ts'), `const key = '${stripe}';\n`);
    commit(join(root, 'lib'));
    expect(await titles(root)).toEqual(['github-pat in lib/gone.ts in commit ...']);
    const tree = await secretsInTree.review(projectState({ root }));
    expect(tree.observations.map(({ path }) => path)).toEqual(['lib/here.ts:1']);
    // As a submodule too.
    run(root, 'add', 'lib');
    run(root, 'commit', '-q', '-m', 'a submodule');
    expect(await titles(root)).toEqual(['github-pat in lib/gone.ts in commit ...']);
  });
});

describe('[SEC-020] a history that cannot be read is unavailable', () => {
  it('because the clone is shallow, or objects are missing', async () => {
    const root = await project({ 'a.ts': leak });
    commit(root);
    const blob = run(root, 'rev-parse', 'HEAD:a.ts');
    await writeFile(join(root, 'a.ts'), 'a\n');
    commit(root);
    const shallow = await project({}, false);
    run(shallow, 'clone', '-q', '--depth', '1', `file://${root}`, '.');
    expect(await review(shallow)).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('shallow') as string,
    });
    await rm(join(root, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
    expect(await review(root)).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('missing') as string,
    });
  });

  it('because a ref is broken', async () => {
    const root = await project({ 'a.ts': 'a\n' });
    commit(root);
    await writeFile(join(root, '.git/refs/heads/broken'), 'nothing\n');
    expect(await review(root)).toMatchObject({ verdict: 'unavailable' });
    await writeFile(join(root, '.git/refs/heads/broken'), `${'1'.repeat(40)}\n`);
    expect(await review(root)).toMatchObject({ verdict: 'unavailable' });
  });

  it('and what a repository replaces or grafts is looked at all the same', async () => {
    const root = await project({ 'a.ts': leak });
    commit(root);
    const harmless = execFileSync('git', ['hash-object', '-w', '--stdin'], {
      cwd: root,
      input: 'a\n',
      encoding: 'utf8',
    });
    run(root, 'replace', run(root, 'rev-parse', 'HEAD:a.ts'), harmless.trim());
    await writeFile(join(root, 'a.ts'), 'a\n');
    commit(root);
    await writeFile(join(root, '.git/info/grafts'), `${run(root, 'rev-parse', 'HEAD')}\n`);
    expect(await titles(root)).toEqual(['github-pat in a.ts in commit ...']);
  });
});

describe('[SEC-020] a hostile repository', () => {
  it('starts nothing: no monitor, hook, filter, signature check, pager or transport', async () => {
    const root = await project({ 'a.ts': 'a\n', '.gitattributes': '*.ts diff=evil filter=evil\n' });
    commit(root);
    const blob = run(root, 'rev-parse', 'HEAD:a.ts');
    const mark = join(root, 'mark');
    const script = join(root, '.git/evil');
    await writeFile(script, `#!/bin/sh\ntouch '${mark}'\n`);
    await chmod(script, 0o755);
    const settings = {
      'core.fsmonitor': script,
      'core.pager': script,
      'core.sshCommand': script,
      'core.hooksPath': join(root, '.git'),
      'core.alternateRefsCommand': script,
      'diff.external': script,
      'diff.evil.textconv': script,
      'diff.evil.command': script,
      'filter.evil.clean': script,
      'filter.evil.smudge': script,
      'filter.evil.process': script,
      'filter.evil.required': 'true',
      'gpg.program': script,
      'log.showSignature': 'true',
      'protocol.allow': 'always',
      'protocol.ext.allow': 'always',
      'core.repositoryFormatVersion': '1',
      'extensions.partialClone': 'origin',
      'remote.origin.promisor': 'true',
      'remote.origin.url': `ext::${script}`,
      'remote.origin.uploadpack': script,
    };
    for (const [name, value] of Object.entries(settings)) run(root, 'config', name, value);
    for (const hook of ['post-index-change', 'reference-transaction', 'fsmonitor-watchman', 'pre-auto-gc']) {
      await writeFile(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
    }
    // It would be fetched from the remote.
    await rm(join(root, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
    await writeFile(join(root, 'a.ts'), 'changed\n');
    const state = projectState({ root, env: { PATH: process.env['PATH'] ?? '', HOME: root } });
    for (const source of [secretsInHistory, secretsInTree, envFiles]) await source.review(state);
    await expect(access(mark)).rejects.toThrow('ENOENT');
    expect(await review(root)).toMatchObject({ verdict: 'unavailable' });
  });
});
