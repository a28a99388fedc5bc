import { execFileSync } from 'node:child_process';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toFinding } from '../findings/finding.ts';
import { projectState } from '../project-state.fixture.ts';
import { envFiles } from './env-files.ts';
import { commit, createRepositories, github, run, stripe } from './repository.fixture.ts';
import { secretsInHistory } from './scan-history.ts';
import { createSecretScanner } from './scan-text.ts';
import { secretsInTree } from './scan-tree.ts';

const { project, nothing } = await createRepositories();
const random = 'q7Zt9Wv3RbN8mYc5HsJd1GpEa6Uo';
const key = [
  '-----BEGIN RSA PRIVATE KEY-----',
  ...Array.from(
    { length: 8 },
    (_, n) => `MIIEowIBAAKCAQEAx8f3kZ7vQ2wLm9TnR4bY${n}c6HsJd1GpEa5UoT0iXk29fLq7ZtW`,
  ),
  '-----END RSA PRIVATE KEY-----',
].join('\n');

const scan = async (root: string) => secretsInTree.review(projectState({ root }));
const places = (review: Awaited<ReturnType<typeof scan>>) =>
  review.observations.map(({ path, severity }) => `${path} ${severity}`).toSorted();

describe('[SEC-020] secrets in files', () => {
  const files = {
    'src/client.ts': `// a client\nconst token = '${github}';\n`,
    'deploy.sh': `#!/bin/sh\nexport API_KEY=${random}\n`,
    'keys/id.txt': key,
    'test/client.test.ts': `const token = '${github}';\n`,
    'src/harmless.ts': `const token = process.env.TOKEN;\nconst password = 'changeme';\nconst id = '${'0'.repeat(40)}';\n`,
    'node_modules/x/index.js': `const token = '${github}';\n`,
    'logo.png': Buffer.from(`\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01 ${github}`, 'latin1'),
    data: `\u0000\u0001 ${github}`,
    '.env': `API_KEY=${random}\n`,
  };

  it.each([true, false])('are found with file and line, and never shown (git: %s)', async (git) => {
    const root = await project({ ...files, '.gitignore': 'node_modules\n.env\n' }, git);
    await symlink('/etc/hostname', join(root, 'link'));
    const review = await scan(root);
    expect(review).toMatchObject({ verdict: 'findings', reason: null });
    expect(places(review)).toEqual([
      'deploy.sh:2 high',
      'keys/id.txt:1 high',
      'src/client.ts:2 high',
      'test/client.test.ts:1 low',
    ]);
    const all = JSON.stringify(review.observations.map((seen) => toFinding('p', seen)));
    for (const secret of [github, random, key.slice(40, 80)]) expect(all).not.toContain(secret);
  });

  it('are the same finding on another line, and another one with another secret', async () => {
    const root = await project({ 'a.ts': `const token = '${github}';\n` });
    const idOf = async () => (await scan(root)).observations.map((seen) => toFinding('p', seen).id);
    const first = await idOf();
    await writeFile(join(root, 'a.ts'), `\n\n\nconst token = '${github}';\n`);
    expect(await idOf()).toEqual(first);
    await writeFile(join(root, 'a.ts'), `const token = '${github.replace('Xk29', 'Zk71')}';\n`);
    expect(await idOf()).not.toEqual(first);
  });

  it('are found wherever a file is cut into pieces, in memory that does not grow', () => {
    const text = `${'a line of text\n'.repeat(9_000)}const token = '${github}';\n${'another line\n'.repeat(9_000)}`;
    for (const size of [7, 999, 65_536, text.length]) {
      const scanner = createSecretScanner();
      for (let at = 0; at < text.length; at += size) scanner.push(text.slice(at, at + size));
      expect(scanner.end()).toMatchObject([{ kind: 'github-pat', line: 9_001 }]);
    }
  });
});

describe('[SEC-020] secrets in the history', () => {
  it('are found after they were taken out, and only once while they stand in the tree', async () => {
    const root = await project({
      'src/a.ts': `const token = '${github}';\n`,
      'src/b.ts': `const key = '${stripe}';\n`,
    });
    commit(root);
    await writeFile(join(root, 'src/a.ts'), 'const token = process.env.TOKEN;\n');
    commit(root);
    const review = await secretsInHistory.review(projectState({ root }));
    expect(review).toMatchObject({ verdict: 'findings', reason: null });
    expect(review.observations.map(({ path, severity }) => [path, severity])).toEqual([
      ['src/a.ts', 'medium'],
    ]);
    expect(review.observations[0]?.title).toMatch(/^github-pat in src\/a\.ts in commit [\da-f]{12}$/);
    expect(JSON.stringify(review)).not.toContain(github);
    expect((await scan(root)).observations.map(({ path }) => path)).toEqual(['src/b.ts:1']);
  });

  it('cannot be looked for where there is no repository', async () => {
    const root = await project({}, false);
    expect(await secretsInHistory.review(projectState({ root }))).toMatchObject({ verdict: 'unavailable' });
    const env = { PATH: nothing };
    expect(await secretsInHistory.review(projectState({ root, env }))).toMatchObject({
      verdict: 'unavailable',
    });
  });

  it('start nothing that the repository configures', async () => {
    const root = await project({ 'a.ts': 'a\n', '.gitattributes': '*.ts diff=evil\n' });
    commit(root);
    const mark = join(root, 'mark');
    for (const name of ['core.fsmonitor', 'diff.external', 'diff.evil.textconv', 'core.pager'])
      run(root, 'config', name, `touch ${mark}`);
    const state = projectState({ root });
    await secretsInHistory.review(state);
    await secretsInTree.review(state);
    await envFiles.review(state);
    expect(execFileSync('ls', [root], { encoding: 'utf8' })).not.toContain('mark');
  });
});

describe('[SEC-020] .env', () => {
  const review = async (root: string) =>
    (await envFiles.review(projectState({ root }))).observations
      .map(({ title, severity }) => `${title}: ${severity}`)
      .toSorted();

  it('that git tracks or would take, or that others can read, is a finding', async () => {
    const root = await project({
      '.env': 'A=1\n',
      'app/.env.production': 'A=1\n',
      '.env.example': 'A=\n',
      'sub/.env': 'A=1\n',
      '.gitignore': '/.env\n',
    });
    run(root, 'add', 'app/.env.production');
    await chmod(join(root, '.env'), 0o644);
    await chmod(join(root, '.env.example'), 0o644);
    expect(await review(root)).toEqual([
      '.env can be read by other accounts: medium',
      'app/.env.production is tracked by git: high',
      'sub/.env is not ignored by git: medium',
    ]);
  });

  it('that is ignored and private is none', async () => {
    expect(await review(await project({ '.env': 'A=1\n', '.gitignore': '.env\n' }))).toEqual([]);
  });
});
