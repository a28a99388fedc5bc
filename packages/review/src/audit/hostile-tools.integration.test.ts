import { access, chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { toFinding } from '../findings/finding.ts';
import { readLockFile } from '../lock-files/read-lock-file.ts';
import { projectState } from '../project-state.fixture.ts';
import { npmAudit, pnpmAudit, type AuditBounds } from './node-audits.ts';
import { pipAudit } from './pip-audit.ts';

const root = await mkdtemp(join(tmpdir(), 'actp-tools-'));
atEnd(() => rm(root, { recursive: true, force: true }));

const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: { 'node_modules/minimist': { version: '1.2.0' } },
});
const pnpmLock =
  "lockfileVersion: '9.0'\npackages:\n  minimist@1.2.0: {resolution: {integrity: sha512-aa}}\n";
await writeFile(join(root, 'package-lock.json'), lock);
await writeFile(join(root, 'pnpm-lock.yaml'), pnpmLock);
const files = {
  npm: readLockFile('package-lock.json', lock),
  pnpm: readLockFile('pnpm-lock.yaml', pnpmLock),
  'pip-audit': readLockFile('requirements.txt', 'flask==0.5\n'),
};
const sources = { npm: npmAudit, pnpm: pnpmAudit, 'pip-audit': pipAudit };
type Tool = keyof typeof sources;
const all = Object.keys(sources) as Tool[];
const clean: Record<Tool, string> = {
  npm: '{"vulnerabilities": {}, "metadata": {"dependencies": {"total": 1}}}',
  pnpm: '{"advisories": {}, "metadata": {"totalDependencies": 1}}',
  'pip-audit': '{"dependencies": [{"name": "flask", "version": "0.5", "vulns": []}]}',
};

/** Has a program of this name look; no other one is found. */
async function audit(tool: Tool, script: string | Buffer, bounds: AuditBounds = {}, mode = 0o755) {
  const bin = await mkdtemp(join(root, 'bin-'));
  await writeFile(
    join(bin, tool),
    typeof script === 'string' ? `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n` : script,
  );
  await chmod(join(bin, tool), mode);
  const state = projectState({ root, lockFiles: [files[tool]], env: { PATH: bin } });
  return sources[tool](bounds).review(state);
}
const output = async (bytes: string | Buffer) => {
  const file = join(await mkdtemp(join(root, 'out-')), 'output');
  await writeFile(file, bytes);
  return `cat '${file}'`;
};
const isGone = async (pid: number) => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' X ');
  return / [ZX] /.test(stat);
};

describe.each(all)('[SEC-017] an audit tool that misbehaves (%s)', (tool) => {
  it('by ignoring signals is killed when its time is over, with what it has started', async () => {
    const mark = join(root, `ignoring-${tool}`);
    const script = `trap '' TERM INT HUP QUIT\necho $$ > '${mark}'\nwhile :; do sleep 600; done`;
    const review = await audit(tool, script, { timeoutMs: 500 });
    expect(review).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringMatching(/did not end in time/) as string,
    });
    const pid = Number(await readFile(mark, 'utf8'));
    expect(await eventually(() => isGone(pid))).toBe(true);
  });

  it('by leaving a process that holds its output is read when it has ended', async () => {
    const mark = join(root, `left-${tool}`);
    const script = `${await output(clean[tool])}\nsleep 600 & echo $! > '${mark}'`;
    // Long before its time is over.
    const review = await audit(tool, script, { timeoutMs: 500_000, graceMs: 50 });
    expect(review).toMatchObject({ verdict: 'clean', reason: null });
    const pid = Number(await readFile(mark, 'utf8'));
    expect(await eventually(() => isGone(pid))).toBe(true);
  });

  it('by writing without end, also as errors, is cut off', async () => {
    for (const script of ['exec yes', 'exec yes >&2', 'exec cat /dev/zero', '(exec yes) & exec yes >&2']) {
      const review = await audit(tool, script, { maxBytes: 1_000_000 });
      expect(review).toMatchObject({
        verdict: 'unavailable',
        reason: expect.stringMatching(/more than is read/) as string,
      });
    }
  });

  it('by writing what is no report is unavailable', async () => {
    const half = clean[tool].slice(0, -10);
    const bytes = [
      '',
      ' \n',
      half,
      Buffer.from(clean[tool], 'utf16le'),
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
      '[',
      '"text"',
      '[]',
      '{}',
      '0',
      'null',
      'true',
      `${'['.repeat(100_000)}`,
      `{"a": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      '{"__proto__": {"metadata": {}}}',
      `${clean[tool]}${clean[tool]}`,
    ];
    for (const text of bytes) {
      const review = await audit(tool, `${await output(text)}; exit 0`);
      expect({ text: text.toString().slice(0, 40), verdict: review.verdict }).toMatchObject({
        verdict: 'unavailable',
      });
    }
  });

  it('by not being a program is unavailable', async () => {
    const mine = /cannot be started|is not installed/;
    expect((await audit(tool, 'exit 0', {}, 0o644)).reason).toMatch(/cannot be started/);
    expect((await audit(tool, Buffer.from('#!/nowhere/interpreter\n'))).reason).toMatch(mine);
    expect((await audit(tool, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]))).verdict).toBe('unavailable');
    expect((await audit(tool, 'kill -9 $$')).reason).toMatch(/wrote nothing/);
    const bin = await mkdtemp(join(root, 'bin-'));
    await mkdir(join(bin, tool));
    const state = projectState({ root, lockFiles: [files[tool]], env: { PATH: bin } });
    expect((await sources[tool]().review(state)).reason).toMatch(/cannot be started/);
    // A place of PATH that is a file.
    const odd = projectState({
      root,
      lockFiles: [files[tool]],
      env: { PATH: join(root, 'package-lock.json') },
    });
    expect((await sources[tool]().review(odd)).reason).toMatch(mine);
  });

  it('by writing what a terminal obeys does not reach one', async () => {
    const escapes = '\u001B[2J\u001B]0;title\u0007\u202E\u0000 code E405';
    const review = await audit(tool, `${await output(escapes)} >&2; exit 1`);
    expect(review.verdict).toBe('unavailable');
    const error = JSON.stringify({
      error: { code: `${escapes}${'x'.repeat(5_000)}` },
      dependencies: [{ name: escapes }],
    });
    const said = await audit(tool, `${await output(error)}; exit 1`);
    expect(said.verdict).toBe('unavailable');
    for (const { reason } of [review, said]) {
      expect(reason).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(reason?.length).toBeLessThan(1_000);
    }
  });
});

describe('[SEC-017] a report with bytes that are no UTF-8', () => {
  it('is read all the same', async () => {
    const via =
      '{"source": 1, "name": "minimist", "title": "bad \u001b[31m?? bytes", "severity": "high", "range": "*"}'.replaceAll(
        '\u001b',
        '\\u001b',
      );
    const report = Buffer.from(
      `{"vulnerabilities": {"minimist": {"via": [${via}]}}, "metadata": {"dependencies": {"total": 1}}}`,
    );
    report[report.indexOf('??')] = 0xff;
    const review = await audit('npm', `${await output(report)}; exit 1`);
    expect(review.verdict).toBe('findings');
    const [title] = review.observations.map((seen) => toFinding('p', seen).title);
    expect(title).toContain('bad ⟦U+001B⟧[31m\uFFFD? bytes');
  });
});

describe('[SEC-017] a project', () => {
  it('has no audit tool load, install or run what it names', async () => {
    const project = await mkdtemp(join(root, 'project-'));
    const evil = join(project, 'evil');
    const texts = {
      'package-lock.json': lock,
      'pnpm-lock.yaml': pnpmLock,
      'package.json': JSON.stringify({
        name: 'shop',
        packageManager: 'pnpm@1.0.0',
        devEngines: { packageManager: { name: 'pnpm', version: '1', onFail: 'download' } },
        scripts: { preaudit: evil },
        pnpm: { pnpmfile: evil },
        dependencies: { minimist: '1.2.0' },
      }),
      'pnpm-workspace.yaml': `pnpmfile: ${evil}\nconfigDependencies: {evil: 1.0.0}\nregistries: {default: 'https://one.example/', '@own': 'https://two.example/', evil: "x"}\n`,
      '.pnpmfile.cjs': '',
      '.npmrc': `; own\nregistry=https://npm.example/\n@acme:registry = https://acme.example/\n//npm.example/:_authToken=\${TOKEN}\n//npm.example/:tokenHelper=${evil}\nnode-options=--require=${evil}\nscript-shell=${evil}\npnpmfile=${evil}\ngit=${evil}\n`,
    };
    for (const [name, text] of Object.entries(texts)) await writeFile(join(project, name), text);
    for (const tool of ['npm', 'pnpm'] as const) {
      const [bin, copy] = [
        await mkdtemp(join(root, 'bin-')),
        join(await mkdtemp(join(root, 'seen-')), 'cwd'),
      ];
      const script = `#!/bin/sh\nPATH=/usr/bin:/bin\ncp -a . '${copy}'\npwd > '${copy}.pwd'\nenv > '${copy}.env'\ncat <<'E'\n${clean[tool]}\nE\n`;
      await writeFile(join(bin, tool), script, { mode: 0o755 });
      const state = projectState({
        root: project,
        lockFiles: [files[tool]],
        env: { PATH: bin, HOME: process.env['HOME'] ?? '/' },
      });
      expect(await sources[tool]().review(state)).toMatchObject({ verdict: 'clean' });
      expect((await readdir(copy)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
        ['.npmrc', files[tool].path, 'package.json'].toSorted((a, b) => (a < b ? -1 : 1)),
      );
      expect(JSON.parse(await readFile(join(copy, 'package.json'), 'utf8'))).toEqual({
        name: 'shop',
        dependencies: { minimist: '1.2.0' },
      });
      expect((await readFile(join(copy, '.npmrc'), 'utf8')).trim().split('\n')).toEqual([
        'registry=https://npm.example/',
        '@acme:registry = https://acme.example/',
        '//npm.example/:_authToken=${TOKEN}',
        'registry=https://one.example/',
        '@own:registry=https://two.example/',
      ]);
      expect(await readFile(`${copy}.env`, 'utf8')).toMatch(/^pnpm_config_ignore_pnpmfile=true$/m);
      await expect(access((await readFile(`${copy}.pwd`, 'utf8')).trim())).rejects.toThrow('ENOENT');
    }
  });
});
