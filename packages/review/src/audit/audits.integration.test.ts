import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { readLockFile } from '../lock-files/read-lock-file.ts';
import type { LockFile } from '../lock-files/lock-file.ts';
import { projectState } from '../project-state.fixture.ts';
import { pnpmOfThePlane } from './bring-pnpm.ts';
import { npmAudit, pnpmAudit, type AuditBounds } from './node-audits.ts';
import { pipAudit } from './pip-audit.ts';

const dir = await mkdtemp(join(tmpdir(), 'actp-audits-'));
atEnd(() => rm(dir, { recursive: true, force: true }));
const recorded = (name: string) => readFile(join(import.meta.dirname, 'recorded', name), 'utf8');

const npmLock = readLockFile(
  'package-lock.json',
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      'node_modules/minimist': { version: '1.2.0' },
      'node_modules/lodash': { version: '4.17.15' },
      'node_modules/harmless': { version: '1.0.0' },
    },
  }),
);
const pnpmLock = { ...npmLock, path: 'pnpm-lock.yaml', format: 'pnpm' } satisfies LockFile;
const requirements = readLockFile('requirements.txt', 'flask==0.5\njinja2==3.1.6\n');

for (const { path } of [npmLock, pnpmLock]) await writeFile(join(dir, path), 'not read by these tools\n');

/** Puts a program of this name in front of PATH. */
async function withTool(name: string, script: string): Promise<Record<string, string>> {
  const bin = await mkdtemp(join(dir, 'bin-'));
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
  return { PATH: `${bin}${delimiter}${process.env['PATH']}` };
}
async function printing(name: string, text: string, code = 1): Promise<Record<string, string>> {
  const file = join(await mkdtemp(join(dir, 'out-')), 'output');
  await writeFile(file, text);
  return withTool(name, `cat '${file}'; exit ${code}`);
}
const tools = {
  npm: { source: npmAudit, lock: npmLock },
  pnpm: { source: pnpmAudit, lock: pnpmLock },
  'pip-audit': { source: pipAudit, lock: requirements },
} as const;
const audit = async (name: keyof typeof tools, env: Record<string, string>, bounds: AuditBounds = {}) => {
  const { source, lock } = tools[name];
  return source(bounds).review(projectState({ root: dir, lockFiles: [lock], env }));
};

describe('[SEC-017] where pnpm is not installed', () => {
  /** An npm that brings a pnpm from elsewhere, and writes down where it was called. */
  async function withNpm(script: (bin: string, place: string) => string): Promise<Record<string, string>> {
    const [bin, elsewhere] = await Promise.all([mkdtemp(join(dir, 'bin-')), mkdtemp(join(dir, 'npx-'))]);
    await writeFile(join(elsewhere, 'report.json'), await recorded('pnpm-12.json'));
    await writeFile(join(elsewhere, 'pnpm'), `#!/bin/sh\n/bin/cat '${elsewhere}/report.json'; exit 1\n`);
    await chmod(join(elsewhere, 'pnpm'), 0o755);
    await writeFile(join(bin, 'npm'), `#!/bin/sh\n${script(elsewhere, join(bin, 'called'))}\n`);
    await chmod(join(bin, 'npm'), 0o755);
    return { PATH: bin };
  }

  it('npm brings the release that the plane is installed with, in a folder without a project', async () => {
    const env = await withNpm(
      (bin, place) => `/bin/ls -A . > '${place}'; echo "$@" >> '${place}'; echo '${bin}/pnpm'`,
    );
    const review = await audit('pnpm', env);
    expect(review).toMatchObject({ verdict: 'findings', reason: null });
    expect(await readFile(join(env['PATH'] ?? '', 'called'), 'utf8')).toBe(
      `exec --yes --prefer-offline --package=${pnpmOfThePlane} --call command -v pnpm\n`,
    );
  });

  it.each([
    ['npm cannot', 'exit 1'],
    ['npm says nothing', 'exit 0'],
    ['npm says something else', 'echo fetching; exit 0'],
  ])('nobody looks, and the reason says what to do, where %s', async (_, script) => {
    const review = await audit('pnpm', await withNpm(() => script));
    expect(review).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringMatching(
        /pnpm is not installed, and npm cannot bring it: put it on the PATH/,
      ) as string,
    });
  });

  it('that release is the one of the scripts', async () => {
    const scripts = await readFile(join(import.meta.dirname, '../../../../scripts/paths.mjs'), 'utf8');
    expect(scripts).toContain(`pnpmSpec = '${pnpmOfThePlane}'`);
  });
});

describe('[SEC-017] reports of audit tools', () => {
  it.each([
    ['npm', 'npm-11.json', ['lodash 4.17.15', 'minimist 1.2.0']],
    ['npm', 'npm-6.json', ['minimist 1.2.0']],
    ['pnpm', 'pnpm-12.json', ['lodash 4.17.15', 'minimist 1.2.0']],
    ['pnpm', 'pnpm-9.json', ['minimist 1.2.0']],
  ] as const)('%s: %s', async (tool, file, packages) => {
    const review = await audit(tool, await printing(tool, await recorded(file)));
    expect(review).toMatchObject({ verdict: 'findings', reason: null });
    expect(review.observations.map((seen) => `${seen.package} ${seen.version}`).toSorted()).toEqual(packages);
    expect(review.observations.find((seen) => seen.package === 'minimist')).toMatchObject({
      severity: 'critical',
      about: ['GHSA-xvch-5gv4-984h', 'minimist', '1.2.0'],
    });
  });

  it('say the same of the same advisory, whichever tool it was', async () => {
    const all = await Promise.all([
      audit('npm', await printing('npm', await recorded('npm-11.json'))),
      audit('pnpm', await printing('pnpm', await recorded('pnpm-12.json'))),
    ]);
    const [first, second] = all.map(({ observations }) =>
      observations.map(({ kind, about }) => ({ kind, about })),
    );
    expect(new Set(first?.map((seen) => JSON.stringify(seen)))).toEqual(
      new Set(second?.map((seen) => JSON.stringify(seen))),
    );
  });

  it('of pip-audit, of both forms; a package that it skips or does not name is not clean', async () => {
    const review = await audit('pip-audit', await printing('pip-audit', await recorded('pip-audit-2.json')));
    expect(review).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('local-thing') as string,
    });
    expect(review.observations).toMatchObject([{ about: ['GHSA-5wv5-4vpf-pj6m', 'flask', '0.5'] }]);
    const before = await audit('pip-audit', await printing('pip-audit', await recorded('pip-audit-1.json')));
    expect(before).toMatchObject({ verdict: 'findings', reason: null });
    const half = await audit('pip-audit', await printing('pip-audit', '{"dependencies": []}', 0));
    expect(half).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('flask, jinja2') as string,
    });
  });

  it('that are clean are clean', async () => {
    const npm =
      '{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {"dependencies": {"total": 3}}}';
    const pnpm = '{"advisories": {}, "metadata": {"totalDependencies": 3}}';
    const pip =
      '{"dependencies": [{"name": "Flask", "version": "0.5", "vulns": []}, {"name": "jinja2", "version": "3.1.6", "vulns": []}]}';
    expect(await audit('npm', await printing('npm', npm, 0))).toMatchObject({ verdict: 'clean' });
    expect(await audit('pnpm', await printing('pnpm', pnpm, 0))).toMatchObject({ verdict: 'clean' });
    expect(await audit('pip-audit', await printing('pip-audit', pip, 0))).toMatchObject({ verdict: 'clean' });
  });
});

describe('[SEC-017] an audit that gave no report is unavailable, never clean', () => {
  const unavailable = async (
    name: keyof typeof tools,
    env: Record<string, string>,
    reason: RegExp,
    bounds?: AuditBounds,
  ) => {
    const review = await audit(name, env, bounds);
    expect(review.verdict).toBe('unavailable');
    expect(review.reason).toMatch(reason);
    expect(review.observations).toEqual([]);
  };

  it('a registry that refuses the call, as the tools really say it', async () => {
    await unavailable(
      'npm',
      await printing('npm', await recorded('npm-11-refused.json')),
      /refuses the audit call \(405\)/,
    );
    const file = join(import.meta.dirname, 'recorded', 'pnpm-12-refused.txt');
    await unavailable(
      'pnpm',
      await withTool('pnpm', `cat '${file}' >&2; exit 1`),
      /refuses the audit call \(405\)/,
    );
  });

  it.each(Object.keys(tools) as Array<keyof typeof tools>)('%s: every other fault', async (name) => {
    await unavailable(name, await printing(name, '', 0), /wrote nothing/);
    await unavailable(name, await printing(name, '<!doctype html><title>405</title>'), /HTML|no report/);
    await unavailable(name, await printing(name, '{"vulnerabilities": {"a'), /no JSON|no report/);
    await unavailable(name, await printing(name, '{}', 0), /without metadata|no report/);
    await unavailable(name, await printing(name, 'null', 0), /no JSON|no report/);
    await unavailable(name, await withTool(name, 'exec sleep 600'), /did not end in time/, {
      timeoutMs: 200,
    });
    await unavailable(name, await withTool(name, 'exec yes'), /more than is read/, { maxBytes: 100_000 });
    await unavailable(name, { PATH: join(dir, 'nothing') }, /is not installed/);
  });

  it('200 MB of output are cut off, in little memory', async () => {
    await unavailable('npm', await withTool('npm', 'exec head -c 200000000 /dev/zero'), /more than is read/);
  });

  it('a report about no package of a lock file that has some', async () => {
    const none = '{"vulnerabilities": {}, "metadata": {"dependencies": {"total": 0}}}';
    await unavailable('npm', await printing('npm', none, 0), /looked at no package/);
  });

  it('leaves nothing running', async () => {
    const mark = join(dir, 'mark');
    const env = await withTool('npm', `(sleep 600 & echo $! > '${mark}'; wait)`);
    await unavailable('npm', env, /did not end in time/, { timeoutMs: 500 });
    const pid = Number((await readFile(mark, 'utf8')).trim());
    expect(await eventually(() => isGone(pid))).toBe(true);
  });
});

// One that was killed may wait for its parent to notice.
function isGone(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
