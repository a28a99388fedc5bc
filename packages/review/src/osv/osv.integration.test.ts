import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { readLockFile } from '../lock-files/read-lock-file.ts';
import { projectState } from '../project-state.fixture.ts';
import { readAdvisory } from './advisory.ts';
import { baseScore } from './cvss.ts';
import { isAffected } from './is-affected.ts';
import { osv } from './osv-source.ts';
import { zipOf } from './zip.fixture.ts';

const dir = await mkdtemp(join(tmpdir(), 'actp-osv-'));
atEnd(() => rm(dir, { recursive: true, force: true }));

const advisory = (id: string, name: string, affected: object, over: object = {}) =>
  JSON.stringify({
    schema_version: '1.7.0',
    id,
    modified: '2026-11-20T00:00:00Z',
    summary: `${name} does what it should not`,
    affected: [{ package: { ecosystem: 'npm', name }, ...affected }],
    ...over,
  });
const range = (...events: object[]) => ({ ranges: [{ type: 'SEMVER', events }] });
const files = {
  'GHSA-aaaa-bbbb-cccc.json': advisory(
    'GHSA-aaaa-bbbb-cccc',
    'left',
    range(
      { introduced: '1.0.0' },
      { fixed: '1.2.0' },
      { introduced: '2.0.0-rc.1' },
      { last_affected: '2.3.0' },
    ),
    { aliases: ['CVE-2026-0001'], database_specific: { severity: 'MODERATE' } },
  ),
  'MAL-2026-1.json': advisory('MAL-2026-1', 'evil', { versions: ['6.6.6'] }),
  'withdrawn.json': advisory('GHSA-wwww-wwww-wwww', 'left', range({ introduced: '0' }), {
    withdrawn: '2026-01-01T00:00:00Z',
  }),
  'PYSEC-2026-1.json': JSON.stringify({
    id: 'PYSEC-2026-1',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'Foo_Bar' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0' }] }],
      },
    ],
  }),
};
const npmLock = (versions: Record<string, string>) =>
  readLockFile(
    'package-lock.json',
    JSON.stringify({
      lockfileVersion: 3,
      packages: Object.fromEntries(
        Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]),
      ),
    }),
  );
const review = (osvData: string | undefined, versions: Record<string, string> = {}, requirements = '') =>
  osv.review(
    projectState({
      osvData,
      lockFiles: [
        npmLock(versions),
        ...(requirements === '' ? [] : [readLockFile('requirements.txt', requirements)]),
      ],
    }),
  );
const folder = join(dir, 'folder');
await mkdir(join(folder, 'npm'), { recursive: true });
for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'npm', name), text);
const zip = join(dir, 'all.zip');
await writeFile(zip, zipOf(files));

describe('[SEC-017] OSV data', () => {
  it.each([
    ['a folder', folder],
    ['a zip', zip],
  ])('in %s is matched by the version rules of each ecosystem', async (_, place) => {
    const found = await review(place, { left: '1.1.9', evil: '6.6.6', other: '1.0.0' }, 'foo.bar==1.0rc1\n');
    expect(found).toMatchObject({ verdict: 'findings', reason: null });
    expect(
      found.observations.map(({ kind, severity, package: name, about }) => [kind, severity, name, about[0]]),
    ).toEqual(
      expect.arrayContaining([
        ['vulnerability', 'medium', 'left', 'GHSA-aaaa-bbbb-cccc'],
        ['malware', 'critical', 'evil', 'MAL-2026-1'],
        ['vulnerability', 'critical', 'foo-bar', 'PYSEC-2026-1'],
      ]),
    );
    expect(found.observations).toHaveLength(3);
    expect(await review(place, { left: '1.2.0', evil: '6.6.5' }, 'foo.bar==1.0.post1\n')).toMatchObject({
      verdict: 'clean',
    });
  });

  it('that cannot be read, is empty or is about something else is unavailable', async () => {
    const empty = join(dir, 'empty');
    await mkdir(empty);
    const broken = join(dir, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'ok.json'), files['MAL-2026-1.json']);
    await writeFile(join(broken, 'half.json'), files['MAL-2026-1.json'].slice(0, 60));
    const notAZip = join(dir, 'text.zip');
    await writeFile(notAZip, '<html>405</html>');
    expect(await review(empty, { left: '1.2.0' })).toMatchObject({
      verdict: 'unavailable',
      reason: 'OSV_DATA has no advisory for npm',
    });
    expect(await review(join(dir, 'nothing'), {})).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('cannot be read') as string,
    });
    expect(await review(notAZip, {})).toMatchObject({ verdict: 'unavailable' });
    const half = await review(broken, { evil: '6.6.6' });
    expect(half).toMatchObject({ verdict: 'unavailable', reason: '1 files of OSV_DATA are no advisories' });
    expect(half.observations).toHaveLength(1);
  });

  it('is needed where no tool reads the lock file', async () => {
    const lockFiles = [readLockFile('yarn.lock', '# yarn lockfile v1\n\n\na@1.0.0:\n  version "1.0.0"\n')];
    const state = projectState({ lockFiles });
    expect(osv.applies(state)).toBe(true);
    await expect(osv.review(state)).resolves.toMatchObject({ verdict: 'unavailable' });
    expect(osv.applies(projectState({ lockFiles: [npmLock({})] }))).toBe(false);
  });
});

describe('[SEC-017] whether a version is affected', () => {
  const events = [
    { introduced: '0' },
    { fixed: '1.0.0' },
    { introduced: '2.0.0' },
    { last_affected: '2.5.0' },
  ];
  it.each([
    ['npm', '0.9.9', true],
    ['npm', '1.0.0-rc.1', true],
    ['npm', '1.0.0', false],
    ['npm', '2.0.0-alpha', false],
    ['npm', '2.5.0', true],
    ['npm', '2.5.1', false],
    ['npm', 'no version', undefined],
    ['npm', '0.9.9+build.7', true],
    ['npm', '1.0.0+build.7', false],
    ['pip', '0.9+cu118', true],
    ['pip', '1.0+cu118', false],
    ['pip', '2.5+cu118', true],
    ['pip', '2.5.0+git.abc', true],
    ['pip', '2.5.post1+cu118', false],
    ['pip', '1.0.0.dev1', true],
    ['pip', '1.0', false],
    ['pip', '2!0.1', false],
    ['pip', '2.5', true],
    ['pip', '2.5.post1', false],
  ] as const)('%s %s: %s', (ecosystem, version, expected) => {
    expect(isAffected({ ecosystem, name: 'x', versions: [], ranges: [events] }, version)).toBe(expected);
  });

  it.each([
    ['a local build of one that is listed', 'pip', { versions: ['1.0'] }, '1.0.0+cu118', true],
    ['a local build of another', 'pip', { versions: ['1.0'] }, '1.1+cu118', false],
    ['one with fewer numbers', 'npm', { ranges: [[{ introduced: '1.0' }, { fixed: '2' }]] }, '1.5.0', true],
    ['one that ends it', 'npm', { ranges: [[{ introduced: '1.0' }, { fixed: '2' }]] }, '2.0.0', false],
    [
      'an end that is no version',
      'npm',
      { ranges: [[{ introduced: '0' }, { fixed: 'x' }]] },
      '1.0.0',
      undefined,
    ],
    ['a beginning that is no version', 'pip', { ranges: [[{ introduced: 'x' }]] }, '1.0', undefined],
    [
      'another range that says so',
      'pip',
      { ranges: [[{ introduced: 'x' }], [{ introduced: '0' }]] },
      '1.0',
      true,
    ],
    ['an advisory that names no version', 'npm', {}, '1.0.0', undefined],
  ] as const)('%s', (_, ecosystem, affected, version, expected) => {
    expect(isAffected({ ecosystem, name: 'x', versions: [], ranges: [], ...affected }, version)).toBe(
      expected,
    );
  });

  it.each([
    [{ versions: '1.0.0' }],
    [{ versions: [1] }],
    [{ ranges: {} }],
    [{ ranges: [{ type: 'SEMVER', events: {} }] }],
    [{ ranges: [{ type: 'SEMVER', events: [{ introduced: 0 }] }] }],
  ])('an advisory of another form is none: %j', (affected) => {
    expect(readAdvisory(advisory('GHSA-ffff-ffff-ffff', 'left', affected))).toBeUndefined();
  });

  it('CVSS scores are those of the specification', () => {
    expect(baseScore('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H')).toBe(9.8);
    expect(baseScore('CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N')).toBe(6.1);
    expect(baseScore('CVSS:3.0/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N')).toBe(2.5);
    expect(baseScore('CVSS:4.0/AV:N')).toBeUndefined();
  });
});
