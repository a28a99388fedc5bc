import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectState } from '../project-state.fixture.ts';
import { commit, createRepositories, github, run } from './repository.fixture.ts';
import { secretsInHistory } from './scan-history.ts';
import { secretsInTree } from './scan-tree.ts';

const { project } = await createRepositories();
const leak = `const token = '${github}';\n`;
const titlesOf = async (source: typeof secretsInTree, root: string) => {
  const review = await source.review(projectState({ root }));
  expect(review.reason).toBeNull();
  expect(JSON.stringify(review)).not.toContain(github);
  return review.observations.map(({ title }) => title.replaceAll(/\b[\da-f]{12}\b/g, '...')).toSorted();
};
const tree = (root: string) => titlesOf(secretsInTree, root);
const history = (root: string) => titlesOf(secretsInHistory, root);
const hidden = '[redacted:github-pat]';

describe('[SEC-020] secrets outside of contents are found, and not shown', () => {
  it.each([true, false])('in names of files and folders (git: %s)', async (git) => {
    const root = await project(
      { [`${github}.png`]: 'a\n', [`a-${github}/b.ts`]: leak, [`a-${github}/c.ts`]: 'c\n' },
      git,
    );
    expect(await tree(root)).toEqual([
      `github-pat in a-${hidden}/b.ts:1`,
      `github-pat in the name of ${hidden}.png`,
      `github-pat in the name of a-${hidden}`,
    ]);
  });

  it('in names that the history has, once while they stand in the tree', async () => {
    const root = await project({ [`${github}.ts`]: 'a\n', [`node_modules/${github}.js`]: 'a\n' });
    commit(root);
    expect(await history(root)).toEqual([]);
    run(root, 'rm', '-q', '-r', '.');
    commit(root);
    const titles = [
      `github-pat in the name of ${hidden}.ts in commit ...`,
      `github-pat in the name of node_modules/${hidden}.js in commit ...`,
    ];
    expect(await history(root)).toEqual(titles);
  });

  it('in names of submodules', async () => {
    const root = await project({ [`${github}/a.ts`]: 'a\n' });
    run(join(root, github), 'init', '-q');
    commit(join(root, github));
    commit(root);
    await rm(join(root, github), { recursive: true });
    expect(await history(root)).toEqual([`github-pat in the name of ${hidden} in commit ...`]);
  });

  it('in names of branches and tags', async () => {
    const root = await project({ 'a.ts': 'a\n' });
    commit(root);
    run(root, 'branch', `fix/${github}`);
    run(root, 'tag', `v1-${github}`);
    run(root, 'tag', '-a', '-m', `token ${github}`, `v2-${github}`);
    await writeFile(join(root, 'b.ts'), leak);
    run(root, 'tag', `file-${github}`, run(root, 'hash-object', '-w', 'b.ts'));
    await rm(join(root, 'b.ts'));
    expect(await history(root)).toEqual([
      `github-pat in file-${hidden} in the ref refs/tags/file-${hidden}`,
      `github-pat in the author or another header of tag v2-${hidden}`,
      `github-pat in the name of the ref refs/heads/fix/${hidden}`,
      `github-pat in the name of the ref refs/tags/file-${hidden}`,
      `github-pat in the name of the ref refs/tags/v1-${hidden}`,
      `github-pat in the name of the ref refs/tags/v2-${hidden}`,
    ]);
  });

  it('in the author and the committer of commits, by name and e-mail', async () => {
    const root = await project({ 'a.ts': 'a\n' });
    commit(root);
    const identities = [`user.name=${github}`, `user.email=${github}@example.com`, `user.email=a@${github}`];
    for (const identity of identities) {
      run(
        root,
        '-c',
        identity,
        'commit',
        '-q',
        '--allow-empty',
        '-m',
        'by committer',
        '--author=A <a@b.example>',
      );
      run(root, '-c', identity, 'commit', '-q', '--allow-empty', '-m', 'by both');
    }
    run(root, 'commit', '-q', '--allow-empty', '-m', 'by author', `--author=A <${github}@example.com>`);
    expect(await history(root)).toEqual(
      Array.from({ length: 7 }, () => 'github-pat in the author or another header of commit ...'),
    );
  });

  it('in targets of links', async () => {
    const root = await project({});
    await symlink(`/nowhere/${github}`, join(root, 'link'));
    commit(root);
    expect(await tree(root)).toEqual(['github-pat in link:1']);
    expect(await history(root)).toEqual([]);
    await rm(join(root, 'link'));
    commit(root);
    expect(await history(root)).toEqual(['github-pat in link in commit ...']);
  });
});
