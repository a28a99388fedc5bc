import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npmLock } from '@actp/testing/lock-files/npm-lock';
import type { Cli } from '../../command.ts';
import { createRunningPlane } from '../../running-plane.ts';
import { gate, type GateOptions } from './gate.ts';

const root = resolve(import.meta.dirname, '../../../../..');
const folder = await mkdtemp(join(tmpdir(), 'actp-gate-files-'));
afterAll(() => rm(folder, { recursive: true }));

const said: string[] = [];

/** The gate as a command calls it, with nothing that answers at the address of the plane. */
function run(options: Partial<GateOptions>, env: Record<string, string> = {}) {
  const environment = {
    ACTP_ENV_FILE: join(folder, 'no.env'),
    ACTP_URL: 'http://127.0.0.1:9',
    WORKER_SECRET: 'a-secret-of-the-tests-0123456789-abc',
    ...env,
  };
  // What the gate uses of it.
  const cli = {
    root,
    environment,
    plane: createRunningPlane(root, environment),
    err: { write: (text: string) => said.push(text) },
  };
  const given = {
    before: undefined,
    after: undefined,
    base: undefined,
    waitSeconds: 600,
    offline: true,
    again: false,
  };
  return gate(cli as unknown as Cli, { ...given, ...options });
}

let pairs = 0;
async function written(before: string, after: string, name = 'package-lock.json') {
  const place = join(folder, String((pairs += 1)));
  await Promise.all(['before', 'after'].map((one) => mkdir(join(place, one), { recursive: true })));
  const paths = { before: join(place, 'before', name), after: join(place, 'after', name) };
  await Promise.all(Object.values(paths).map((path) => mkdir(dirname(path), { recursive: true })));
  await Promise.all([writeFile(paths.before, before), writeFile(paths.after, after)]);
  return paths;
}

const old = npmLock({ 'quiet-name': { version: '1.0.0' } });
const withNew = npmLock({ 'quiet-name': { version: '1.0.0' }, 'new-name': { version: '2.0.0' } });

describe('what a change is compared with', () => {
  // It refuses at once, so that nobody waits.
  const plane = createServer((_, response) => response.writeHead(403).end('{"error":"forbidden"}'));
  beforeAll(() => new Promise<void>((done) => plane.listen(0, '127.0.0.1', done)));
  afterAll(() => void plane.close());
  const refusing = () => ({ ACTP_URL: `http://127.0.0.1:${(plane.address() as AddressInfo).port}` });

  async function report(base: string | undefined, configured: string | undefined, part = '.') {
    const repository = await mkdtemp(join(folder, 'repository-'));
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
        cwd: repository,
      })
        .toString()
        .trim();
    git('init', '-q', '-b', 'main');
    await mkdir(join(repository, part), { recursive: true });
    await writeFile(join(repository, 'package-lock.json'), old);
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('branch', 'moved');
    await writeFile(join(repository, 'package-lock.json'), withNew);
    git('commit', '-qam', 'two');
    // As somebody may who only wants the gate to see nothing.
    if (base !== undefined) git('branch', '--force', base, 'main');
    const config = join(folder, 'projects.yaml');
    const named = configured === undefined ? '' : `, base: ${configured}`;
    await writeFile(
      config,
      `projects:\n  - { name: shop, path: ${join(repository, part)}, ecosystems: [npm]${named} }\n`,
    );
    const from = process.cwd();
    process.chdir(repository);
    try {
      const [first] = await run({ base }, { ...refusing(), PROJECTS_CONFIG: config });
      return { first: git('rev-parse', 'main~1'), details: first?.details };
    } finally {
      process.chdir(from);
    }
  }

  it('[SEC-017] is what the operator has configured, whatever the command line says', async () => {
    const { first, details } = await report('agent', 'moved');
    expect(details).toMatchObject({
      base: 'moved',
      base_commit: first,
      base_from: 'configuration',
      count: 1,
    });
    expect(said.join('')).toContain('--base is not used: PROJECTS_CONFIG names moved for shop');
  });

  it('[SEC-017] is that of a project that is a part of the repository', async () => {
    const { first, details } = await report(undefined, 'moved', 'apps/shop');
    expect(details).toMatchObject({ base_commit: first, base_from: 'configuration' });
  });

  it('is what the command line says otherwise, which sees nothing where that was moved', async () => {
    expect((await report('agent', undefined)).details).toBeUndefined();
  });

  it('[SEC-017] stands in what is asked: the commit, and that it was no choice of the operator', async () => {
    const reports = await run(await written(old, withNew), refusing());
    expect(reports[0]?.details).toMatchObject({ base_from: 'files' });
    expect(reports[0]?.details).not.toHaveProperty('base_commit');
  });
});

describe('the gate', () => {
  it('asks nobody when nothing is new, so that no plane is needed', async () => {
    expect(await run(await written(withNew, old), { WORKER_SECRET: '' })).toEqual([]);
  });

  it('[SEC-017] has failed, and asks no further, when the plane does not answer', async () => {
    const both = npmLock({ 'quiet-name': { version: '1.0.1' }, 'new-name': { version: '2.0.0' } });
    const reports = await run(await written(old, both));
    expect(reports.map(({ action, answer }) => [action, answer.state])).toEqual([
      ['dependency.add', 'failed'],
    ]);
  });

  it.each([
    ['before-package-lock.json', old, withNew],
    ['lock.json', old, withNew],
    ['requirements/production.txt', 'a==1.0\n', 'b==1.0\n'],
  ])('knows a lock file by its name or its content: %s', async (name, before, after) => {
    await expect(run(await written(before, after, name), { WORKER_SECRET: '' })).rejects.toThrow(
      'WORKER_SECRET is not set',
    );
  });

  it.each([
    [
      'broken JSON',
      () => written(old, '{"lockfileVersion": 3, "packages"'),
      /package-lock\.json \(now\) is not valid JSON/,
    ],
    [
      'what was no lock file',
      () => written('nonsense', withNew),
      /package-lock\.json \(before\) is not valid JSON/,
    ],
    [
      'a name that nobody knows',
      () => written('a', 'b', 'notes.txt'),
      /notes\.txt \(before\) is no lock file/,
    ],
    [
      'a lock file of another language',
      () => written('a', 'b', 'Cargo.lock'),
      /Cargo\.lock \(before\) is a lock file of a kind that is not read here/,
    ],
    [
      'a file that is not there',
      () => ({ before: '/nowhere/a', after: '/nowhere/b' }),
      /Cannot read \/nowhere\/[ab]/,
    ],
    ['one file alone', async () => ({ after: (await written(old, withNew)).after }), /belong together/],
    [
      'files and a commit',
      async () => ({ ...(await written(old, withNew)), base: 'HEAD' }),
      /take no --base/,
    ],
    ['a commit that is none', () => ({ base: 'no-such-commit' }), /^git merge-base: /],
    ['a commit that would be an option', () => ({ base: '--output=x' }), /^git merge-base: |--base/],
  ] as const)('[SEC-017] compares nothing with %s, and says so', async (_, given, message) => {
    await expect(run(await given())).rejects.toThrow(message);
  });
});
