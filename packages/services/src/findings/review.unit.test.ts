import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import type { SourceReview } from '@actp/review/findings/source-review';
import { atEnd } from '@actp/testing/at-end';
import type { Recorder } from './recorder.ts';
import { reviewProjects, type ReviewDeps } from './review.ts';

const finding = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
// What no source of these projects asks a registry or a tool about.
const yarnLock = `# yarn lockfile v1\n\n\nms@^2.0.0:\n  version "2.1.3"\n  resolved "https://registry.yarnpkg.com/ms/-/ms-2.1.3.tgz#x"\n  integrity sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==\n`;
const config = (rules = 'min_age_days: 0') =>
  `projects:\n  - { name: shop, path: shop, ecosystems: [npm] }\n  - { name: blog, path: blog, ecosystems: [npm] }\nrules: { ${rules} }\n`;

/** A root with two projects, and other files. */
async function open(files: Readonly<Record<string, string>> = {}) {
  const rootDir = await mkdtemp(join(tmpdir(), 'actp-review-'));
  atEnd(() => rm(rootDir, { recursive: true, force: true }));
  const all = {
    'projects.yaml': config(),
    'shop/yarn.lock': yarnLock,
    'blog/yarn.lock': yarnLock,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(rootDir, name)), { recursive: true });
    await writeFile(join(rootDir, name), text);
  }
  const told: string[] = [];
  const deps: ReviewDeps = {
    rootDir,
    projectsConfig: 'projects.yaml',
    osvData: undefined,
    env: { PATH: process.env['PATH'] ?? '' },
    cacheDir: undefined,
    plane: undefined,
    recorder: undefined,
    now: () => new Date('2026-06-01T12:00:00Z'),
    signal: new AbortController().signal,
    onReview: (project, { source }) => void told.push(`${project} ${source}`),
  };
  /** What was said of each source, by its name. */
  const review = async (over: Partial<ReviewDeps> = {}, only?: string) => {
    const result = await reviewProjects({ ...deps, ...over }, only);
    const of = (project: string): Record<string, SourceReview> =>
      Object.fromEntries(
        (result?.reviewed ?? [])
          .filter((one) => one.project === project)
          .map((one) => [one.review.source, one.review]),
      );
    return { result, of };
  };
  return { rootDir, review, told };
}
const verdicts = (reviews: Record<string, SourceReview>) =>
  Object.fromEntries(Object.entries(reviews).map(([source, { verdict }]) => [source, verdict]));

describe('[SEC-017] a review of projects', () => {
  it('looks at all of them, and at the configuration, and says so as it goes on', async () => {
    const { review, told } = await open();
    const { result, of } = await review();
    expect(result).toMatchObject({ projects: ['shop', 'blog'], accepted: [] });
    expect(verdicts(of('plane'))).toEqual({ configuration: 'clean', 'accepted-findings': 'clean' });
    for (const project of ['shop', 'blog']) {
      const found = verdicts(of(project));
      expect(found).toMatchObject({ 'lock-files': 'clean', integrity: 'clean', 'env-files': 'clean' });
      // OSV data is nowhere.
      expect(found['osv']).toBe('unavailable');
      expect(Object.keys(found).length).toBeGreaterThan(6);
    }
    expect(told).toEqual(result?.reviewed.map((one) => `${one.project} ${one.review.source}`));
    expect(result?.reviewed.map((one) => [one.new, one.fixed])).toEqual(told.map(() => [0, 0]));
  });

  it('looks at one that is named, and knows no other', async () => {
    const { review } = await open();
    const { result, of } = await review({ plane: { rootPid: process.pid, servicePorts: [] } }, 'blog');
    expect(result?.projects).toEqual(['blog']);
    expect(of('shop')).toEqual({});
    expect(Object.keys(of('plane'))).toEqual(['configuration', 'accepted-findings']);
    expect((await review({}, 'other')).result).toBeUndefined();
  });

  it('of a lock file that cannot be read takes nothing for gone', async () => {
    const { review } = await open({ 'shop/sub/package-lock.json': '{' });
    const { of } = await review();
    const found = of('shop');
    expect(found['lock-files']).toMatchObject({ verdict: 'unavailable' });
    for (const source of ['integrity', 'origins'])
      expect(found[source]).toMatchObject({
        verdict: 'unavailable',
        reason: 'not every lock file could be read',
      });
    // It has a reason of its own.
    expect(found['osv']?.reason).toMatch(/^OSV_DATA is not set/);
    // These look at no lock files.
    expect(found['env-files']).toMatchObject({ verdict: 'clean' });
    expect(verdicts(of('blog'))).toMatchObject({ integrity: 'clean' });
  });

  it('still says what was seen beside such a lock file', async () => {
    const odd = yarnLock.replace('registry.yarnpkg.com', 'registry.example.org');
    const files = {
      'projects.yaml': config('min_age_days: 0, registries: [registry.yarnpkg.com]'),
      'shop/yarn.lock': odd,
    };
    const whole = (await (await open(files)).review()).of('shop')['origins'];
    expect(whole).toMatchObject({ verdict: 'findings', observations: [{ package: 'ms' }] });
    const partial = await (await open({ ...files, 'shop/sub/package-lock.json': '{' })).review();
    expect(partial.of('shop')['origins']).toMatchObject({
      verdict: 'unavailable',
      observations: whole?.observations,
    });
  });

  it('looks at the running plane when there is one', async () => {
    const { review } = await open();
    const { of } = await review({ plane: { rootPid: process.pid, servicePorts: [] } });
    expect(Object.keys(of('plane')).length).toBeGreaterThan(2);
  });

  it('says what of its settings cannot be read, and accepts nothing then', async () => {
    const accepted = `- { finding: ${finding}, reason: known, until: 2026-12-31 }\n`;
    const good = await (await open({ 'config/accepted-findings.yaml': accepted })).review();
    expect(good.result?.accepted).toMatchObject([{ finding, reason: 'known' }]);
    const bad = await open({ 'config/accepted-findings.yaml': `${accepted}- x\n` });
    const { result, of } = await bad.review({ projectsConfig: 'nowhere.yaml' });
    expect(result).toMatchObject({ projects: [], accepted: [] });
    expect(of('plane')['configuration']).toMatchObject({ verdict: 'unavailable' });
    expect(of('plane')['configuration']?.reason).toContain('PROJECTS_CONFIG');
    expect(of('plane')['accepted-findings']?.reason).toMatch(/until that is mended no finding is accepted$/);
    // Which projects there are, nobody knows.
    expect((await bad.review({ projectsConfig: 'nowhere.yaml' }, 'shop')).result).toBeDefined();
  });

  it('is kept by who keeps it, as of when it began there', async () => {
    const kept: string[] = [];
    const known: unknown[] = [];
    const recorder: Recorder = {
      begin: async (list) => `begun with ${list.length}`,
      async known(project, packages) {
        known.push([project, packages.map(({ name }) => name)]);
        return () => [];
      },
      async record(project, startedAt, { source }) {
        kept.push(`${project} ${source} ${startedAt}`);
        return source === 'osv' ? { new: 2, fixed: 1 } : { new: 0, fixed: 0 };
      },
    };
    const { review } = await open();
    const { result } = await review({ recorder });
    expect(kept).toEqual(result?.reviewed.map((one) => `${one.project} ${one.review.source} begun with 0`));
    expect(known).toEqual([
      ['shop', ['ms']],
      ['blog', ['ms']],
    ]);
    const osv = result?.reviewed.filter((one) => one.review.source === 'osv');
    expect(osv).toMatchObject([
      { new: 2, fixed: 1 },
      { new: 2, fixed: 1 },
    ]);
  });

  it('finds a project and advisories from the root on, or where their paths are whole', async () => {
    const { rootDir, review } = await open({ 'osv/a.json': '{}' });
    const reasonOf = async (osvData: string) => (await review({ osvData })).of('shop')['osv']?.reason;
    expect(await reasonOf('osv')).toContain('files of OSV_DATA are no advisories');
    expect(await reasonOf(join(rootDir, 'osv'))).toContain('files of OSV_DATA are no advisories');
    const whole = config().replace('path: shop', `path: ${join(rootDir, 'shop')}`);
    const other = await open({ 'projects.yaml': whole, 'shop/yarn.lock': 'x' });
    expect(verdicts((await other.review()).of('shop'))['lock-files']).toBe('clean');
  });
});
