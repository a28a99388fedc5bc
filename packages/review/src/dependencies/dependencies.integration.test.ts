import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { lockedPackage, type LockedPackage, type LockFile } from '../lock-files/lock-file.ts';
import { projectState } from '../project-state.fixture.ts';
import type { KnownPackage } from '../project-state.ts';
import { ReviewRules } from '../projects/projects-config.ts';
import { age } from './age.ts';
import { changes } from './changes.ts';
import { installScripts } from './install-scripts.ts';
import { integrity } from './integrity.ts';
import { isAllowed, licences } from './licences.ts';
import { origins } from './origins.ts';

const dir = await mkdtemp(join(tmpdir(), 'actp-dependencies-'));
atEnd(() => rm(dir, { recursive: true, force: true }));

const tgz = (name: string, version: string, host = 'registry.example') =>
  `https://${host}/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
const digestOf = (name: string) => `sha512-${Buffer.from(name.padEnd(64, '.')).toString('base64')}`;
const entry = (name: string, over: Partial<LockedPackage> = {}) =>
  lockedPackage({
    ecosystem: 'npm',
    name,
    version: '1.0.0',
    integrity: digestOf(name),
    hasScript: false,
    ...over,
  });
const fileOf = (packages: readonly LockedPackage[], over: Partial<LockFile> = {}): LockFile => ({
  path: 'package-lock.json',
  format: 'npm',
  ecosystem: 'npm',
  packages,
  problems: [],
  ...over,
});
const stateOf = (packages: readonly LockedPackage[], over: object = {}) =>
  projectState({ lockFiles: [fileOf(packages)], ...over });
const known = (name: string, over: Partial<KnownPackage> = {}): KnownPackage => ({
  name,
  version: '1.0.0',
  integrity: digestOf(name),
  resolved: null,
  hasScript: false,
  firstSeenAt: '2026-01-01T00:00:00Z',
  ...over,
});
const knowing = (...all: KnownPackage[]) => ({
  known: (_: string, name: string) => all.filter((other) => other.name === name),
});

describe('[SEC-017] where packages come from', () => {
  it('is a finding when it is no registry, is not encrypted, or not what the name says', async () => {
    const { observations } = await origins.review(
      stateOf([
        entry('a', { resolved: tgz('a', '1.0.0') }),
        entry('b', { resolved: tgz('b', '1.0.0') }),
        entry('@s/c', { resolved: tgz('@s/c', '1.0.0') }),
        entry('pinned', { origin: 'git', resolved: `git+https://example.com/o/p.git#${'a'.repeat(40)}` }),
        entry('moving', { origin: 'git', resolved: 'git+https://example.com/o/m.git#main' }),
        entry('archive', { origin: 'url', resolved: 'https://example.com/archive.tgz' }),
        entry('plain', { resolved: 'http://registry.example/plain/-/plain-1.0.0.tgz' }),
        entry('poisoned', { resolved: tgz('other', '1.0.0') }),
        entry('older', { resolved: tgz('older', '0.9.0') }),
        entry('elsewhere', { resolved: tgz('elsewhere', '1.0.0', 'packages.attacker.example') }),
        entry('folder', { origin: 'file', resolved: 'file:../folder' }),
      ]),
    );
    expect(observations.map(({ package: name, severity }) => [name, severity])).toEqual([
      ['pinned', 'low'],
      ['moving', 'high'],
      ['archive', 'medium'],
      ['plain', 'high'],
      ['poisoned', 'high'],
      ['older', 'high'],
      ['elsewhere', 'high'],
      ['folder', 'low'],
    ]);
  });
});

describe('[SEC-017] missing digests', () => {
  it('are named one by one, and together when a file has none', async () => {
    const one = await integrity.review(
      stateOf([entry('a'), entry('b', { integrity: null }), entry('c', { integrity: null, bundled: true })]),
    );
    expect(one.observations.map((seen) => seen.package)).toEqual(['b']);
    const all = await integrity.review(
      stateOf(['a', 'b', 'c'].map((name) => entry(name, { integrity: null }))),
    );
    expect(all.observations).toHaveLength(1);
    expect(all.observations[0]?.title).toBe('package-lock.json: 3 packages without a digest');
  });
});

describe('[SEC-017] install scripts', () => {
  const scripts = { known: undefined, root: dir };

  it('are findings; one that the version before did not have is high', async () => {
    const review = await installScripts.review(
      stateOf(
        [
          entry('old', { hasScript: true }),
          entry('new', { version: '1.0.1', hasScript: true }),
          entry('none'),
        ],
        {
          ...scripts,
          ...knowing(known('new'), known('old', { hasScript: true })),
        },
      ),
    );
    expect(review.observations.map(({ package: name, severity }) => [name, severity])).toEqual([
      ['old', 'medium'],
      ['new', 'high'],
    ]);
  });

  it('that a lock file does not know of are looked up where packages are installed; otherwise nobody knows', async () => {
    const root = await mkdtemp(join(dir, 'pnpm-'));
    const install = async (name: string, version: string, scripts: object) => {
      const folder = join(
        root,
        'node_modules',
        '.pnpm',
        `${name.replace('/', '+')}@${version}`,
        'node_modules',
        name,
      );
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version, scripts }));
    };
    await install('@s/runs', '1.0.0', { postinstall: 'node x.js' });
    await install('quiet', '1.0.0', { test: 'true', prepare: 'tsc' });
    await install('allowed', '1.0.0', { install: 'node x.js' });
    await install('refused', '1.0.0', { install: 'node x.js' });
    await writeFile(join(root, 'pnpm-workspace.yaml'), 'allowBuilds:\n  allowed: true\n  refused: false\n');
    const review = (names: readonly string[]) =>
      installScripts.review(
        projectState({
          root,
          lockFiles: [
            fileOf(
              names.map((name) => entry(name, { hasScript: null })),
              { path: 'pnpm-lock.yaml', format: 'pnpm' },
            ),
          ],
        }),
      );
    const names = ['@s/runs', 'quiet', 'allowed', 'refused'];
    const all = await review(names);
    expect(all).toMatchObject({ verdict: 'findings', reason: null });
    expect(all.observations.map(({ package: name, severity }) => [name, severity])).toEqual([
      ['@s/runs', 'medium'],
      ['allowed', 'low'],
    ]);
    expect(await review([...names, 'missing'])).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('1 packages run scripts') as string,
    });
  });
});

describe('[SEC-017] what has changed since earlier reviews', () => {
  it('another content under the same version is critical, and stays it', async () => {
    const state = (integrity: string) =>
      stateOf([entry('a', { integrity })], knowing(known('a', { integrity: 'sha512-aa sha1-bb' })));
    expect((await changes.review(state('sha512-aa'))).verdict).toBe('clean');
    expect((await changes.review(state('sha256-cc'))).verdict).toBe('clean');
    expect((await changes.review(state('sha512-xx'))).observations).toMatchObject([
      { kind: 'integrity', severity: 'critical' },
    ]);
  });

  it('a git dependency that has moved is high', async () => {
    const at = (commit: string) => `git+https://example.com/o/g.git#${commit.repeat(40)}`;
    const state = (commit: string) =>
      stateOf(
        [entry('g', { origin: 'git', resolved: at(commit) })],
        knowing(known('g', { version: at('a') })),
      );
    expect((await changes.review(state('a'))).verdict).toBe('clean');
    expect((await changes.review(state('b'))).observations).toMatchObject([
      { kind: 'source', severity: 'high' },
    ]);
  });
});

describe('[SEC-017] packages that are only days old', async () => {
  let status = 200;
  let asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.statusCode = status;
    const times = { '1.0.0': request.url === '/young' ? '2026-11-25T10:00:00Z' : '2026-01-01T00:00:00Z' };
    response.end(
      status === 200 ? JSON.stringify({ time: request.url === '/unsaid' ? {} : times }) : '<html>no</html>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => void server.close());
  const env = {
    PATH: process.env['PATH'] ?? '',
    npm_config_registry: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const state = (names: readonly string[], over: object = {}) =>
    stateOf(
      names.map((name) => entry(name)),
      { root: dir, env, ...over },
    );

  it('are found by what the registry says, which is asked once', async () => {
    const cacheDir = join(dir, 'cache');
    const first = await age.review(state(['young', 'grown', '@s/grown'], { cacheDir }));
    expect(first).toMatchObject({ verdict: 'findings', reason: null, observations: [{ package: 'young' }] });
    expect(asked.toSorted()).toEqual(['/@s%2Fgrown', '/grown', '/young']);
    asked = [];
    expect(await age.review(state(['young', 'grown', '@s/grown'], { cacheDir }))).toEqual(first);
    expect(asked).toEqual([]);
  });

  it('are not clean where the registry does not say, refuses or is away; what a review saw long ago need not be asked', async () => {
    asked = [];
    expect(await age.review(state(['unsaid']))).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('does not say') as string,
    });
    status = 405;
    expect(await age.review(state(['grown']))).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('405') as string,
    });
    status = 200;
    const away = { ...env, npm_config_registry: 'http://127.0.0.1:1' };
    expect(await age.review(state(['grown'], { env: away }))).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('cannot be reached') as string,
    });
    asked = [];
    expect(await age.review(state(['friend'], knowing(known('friend'))))).toMatchObject({ verdict: 'clean' });
    expect(asked).toEqual([]);
  });
});

describe('[SEC-017] licences', () => {
  it.each([
    ['MIT', true],
    ['mit', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND GPL-3.0-only', false],
    ['Apache-2.0 WITH LLVM-exception', true],
    ['GPL-3.0-or-later', false],
    ['SEE LICENSE IN LICENSE', false],
    ['', false],
  ])('%s: %s', (licence, expected) => {
    expect(isAllowed(licence, new Set(['mit', 'apache-2.0']))).toBe(expected);
  });

  it('that are not allowed are findings, that are not known make it unavailable', async () => {
    const rules = ReviewRules.parse({ licences: { allow: ['MIT'] } });
    const state = (...licence: Array<string | null>) =>
      stateOf(
        licence.map((each, n) => entry(`p${n}`, { licence: each })),
        { rules, root: dir },
      );
    expect(await licences.review(state('MIT', 'GPL-3.0-only'))).toMatchObject({
      verdict: 'findings',
      observations: [{ package: 'p1' }],
    });
    expect(await licences.review(state('MIT', null))).toMatchObject({ verdict: 'unavailable' });
    expect(licences.applies(stateOf([]))).toBe(false);
  });
});
