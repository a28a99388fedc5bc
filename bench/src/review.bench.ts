import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { findLockFiles } from '@actp/review/lock-files/find-lock-files';
import type { ProjectState } from '@actp/review/project-state';
import { ReviewRules } from '@actp/review/projects/projects-config';
import { reviewWith } from '@actp/review/review-project';
import { offlineSources } from '@actp/review/sources';
import { secretsInTree } from '@actp/review/secrets/scan-tree';

/*
 * How long a review of lock files takes without network (2 000 packages and 50 000, each as npm's and as pnpm's, against 5 000 advisories), and
 * how fast a tree of 200 MB is scanned for secrets, beside secretlint's recommended preset over the same tree, or as much of it as that reads in a
 * minute. In processor time.
 * Exit code 1 when a limit is missed.
 */
const limits = { reviewSeconds: 3, mbPerSecond: 20, memoryMb: 400 };
const treeBytes = 200_000_000;
const fileBytes = 100_000;
// What the peer does not read within this time is left out, and said so.
const lintSeconds = 60;
const advisories = 5_000;

const dir = await mkdtemp(join(tmpdir(), 'actp-bench-review-'));
const root = join(import.meta.dirname, '../..');
const write = (line: string) => process.stdout.write(`${line}\n`);
let missed = 0;
const judge = (ok: boolean, wanted: string) => {
  if (!ok) missed += 1;
  return `${wanted}${ok ? '' : ': MISSED'}`;
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

const nameOf = (n: number) => (n % 3 === 0 ? `@scope${n % 40}/package-${n}` : `package-number-${n}`);
const digest = (n: number) => `sha512-${Buffer.from(`${n}`.padStart(64, 'x')).toString('base64')}`;
const npmLock = (count: number) =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: Object.fromEntries(
      Array.from({ length: count }, (_, n) => [
        `node_modules/${nameOf(n)}`,
        {
          version: `${n % 9}.${n % 50}.0`,
          resolved: `https://registry.example/${nameOf(n)}/-/${nameOf(n).split('/').at(-1)}-${n % 9}.${n % 50}.0.tgz`,
          integrity: digest(n),
          license: 'MIT',
          dependencies: { [nameOf((n * 7) % count)]: '^1.0.0' },
        },
      ]),
    ),
  });
const pnpmLock = (count: number) =>
  `lockfileVersion: '9.0'\n\npackages:\n\n${Array.from(
    { length: count },
    (_, n) =>
      `  '${nameOf(n)}@${n % 9}.${n % 50}.0':\n    resolution: {integrity: ${digest(n)}}\n    engines: {node: '>=18'}\n    optional: true\n`,
  ).join('\n')}`;

const osvData = join(dir, 'osv');
await mkdir(osvData);
for (let n = 0; n < advisories; n += 1) {
  const advisory = {
    id: `GHSA-${n}`,
    summary: 'a vulnerability of this benchmark',
    details: 'x'.repeat(1_000),
    affected: [
      {
        package: { ecosystem: 'npm', name: n % 50 === 0 ? nameOf(n) : `elsewhere-${n}` },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: `${n % 9}.25.0` }] }],
      },
    ],
  };
  await writeFile(join(osvData, `${n}.json`), JSON.stringify(advisory));
}

const stateOf = (folder: string, over: Partial<ProjectState>): ProjectState => ({
  project: { name: 'bench', path: '.', ecosystems: ['npm'] },
  rules: ReviewRules.parse({ licences: { allow: ['MIT'] } }),
  root: folder,
  lockFiles: [],
  known: undefined,
  osvData,
  env: { PATH: process.env['PATH'] ?? '' },
  cacheDir: undefined,
  now: new Date(),
  signal: new AbortController().signal,
  ...over,
});

write(`machine  ${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`);
write(`node     ${process.version}\n`);
for (const [count, name, text] of [
  [2_000, 'package-lock.json', npmLock(2_000)],
  [2_000, 'pnpm-lock.yaml', pnpmLock(2_000)],
  [50_000, 'package-lock.json', npmLock(50_000)],
  [50_000, 'pnpm-lock.yaml', pnpmLock(50_000)],
] as const) {
  const folder = await mkdtemp(join(dir, 'project-'));
  await writeFile(join(folder, name), text);
  let findings = 0;
  const took = await seconds(async () => {
    const { lockFiles } = await findLockFiles(folder, ['npm']);
    for await (const review of reviewWith(offlineSources, stateOf(folder, { lockFiles })))
      findings += review.observations.length;
  });
  const wanted =
    count === 2_000 ? judge(took < limits.reviewSeconds, `; less than ${limits.reviewSeconds} s`) : '';
  write(
    `review   ${String(count).padStart(6)} packages of ${name.padEnd(17)} ${took.toFixed(2)} s, ${findings} findings${wanted}`,
  );
}

// Files of this repository, one behind the other, until the tree is large enough; a secret in every fiftieth.
const own = execFileSync('git', ['ls-files', '-z', '*.ts', '*.md', '*.sql', '*.json', '*.yaml'], {
  cwd: root,
  encoding: 'utf8',
});
const texts = await Promise.all(
  own
    .split('\0')
    .filter(Boolean)
    .map((path) => readFile(join(root, path), 'latin1')),
);
const all = texts.join('\n');
const tree = join(dir, 'tree');
await mkdir(tree);
const files = treeBytes / fileBytes;
const token = ['ghp', 'Xk29fLq7ZtWv3RbN8mYc5HsJd1GpEa6UoT4i'].join('_');
for (let n = 0; n < files; n += 1) {
  const from = (n * fileBytes) % Math.max(1, all.length - fileBytes);
  const secret = n % 50 === 0 ? `\nconst token = '${token}';\n` : '';
  await writeFile(join(tree, `file-${n}.ts`), all.slice(from, from + fileBytes) + secret, 'latin1');
}
let peak = 0;
const before = process.memoryUsage().rss;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 20);
let found = 0;
const took = await seconds(async () => {
  found = (await secretsInTree.review(stateOf(tree, {}))).observations.length;
});
clearInterval(watch);
const rate = treeBytes / 1e6 / took;
const memory = (peak - before) / 1e6;
write(
  `secrets  ${treeBytes / 1e6} MB in ${files} files: ${rate.toFixed(1)} MB/s, ${found} findings${judge(rate >= limits.mbPerSecond, `; at least ${limits.mbPerSecond}`)}`,
);
write(
  `memory   ${memory.toFixed(0)} MB more at most${judge(memory < limits.memoryMb, `; less than ${limits.memoryMb}`)}`,
);
let lintedFiles = 0;
let linted = 0;
const lintUntil = performance.now() + lintSeconds * 1_000;
const lint = await seconds(async () => {
  for (; lintedFiles < files && performance.now() < lintUntil; lintedFiles += 1) {
    const path = join(tree, `file-${lintedFiles}.ts`);
    const { messages } = await lintSource({
      source: { content: await readFile(path, 'utf8'), filePath: path, ext: '.ts', contentType: 'text' },
      options: {
        config: {
          rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} }],
        },
      },
    });
    linted += messages.length;
  }
});
const lintRate = (lintedFiles * fileBytes) / 1e6 / lint;
const part =
  lintedFiles === files ? 'the same tree' : `${lintedFiles} of the files, all it read in ${lintSeconds} s`;
write(
  `peer     @secretlint/core ${lintRate.toFixed(1)} MB/s over ${part}: ${linted} findings; the review is ${(rate / lintRate).toFixed(1)} times as fast`,
);

await rm(dir, { recursive: true, force: true });
process.exitCode = missed > 0 ? 1 : 0;
