import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const FeatureList = z.object({ features: z.array(z.object({ id: z.string(), passes: z.boolean() })) });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-features-'));
  await mkdir(join(folder, 'scripts'));
  await copyFile(join(import.meta.dirname, 'features.ts'), join(folder, 'scripts/features.ts'));
});
afterEach(() => rm(folder, { recursive: true }));

const listed = (passes: Record<string, boolean>) =>
  writeFile(
    join(folder, 'prd-013-features.json'),
    JSON.stringify({
      prd: '013',
      features: Object.entries(passes).map(([id, value]) => ({ id, description: 'does it', passes: value })),
    }),
  );

async function check(tests: Record<string, 'passed' | 'failed' | 'skipped'>, ...words: string[]) {
  const report = join(folder, 'report.json');
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }));
  await writeFile(report, JSON.stringify({ testResults: [{ assertionResults }] }));
  const code = await new Promise<number>((resolve) => {
    execFile(process.execPath, [join(folder, 'scripts/features.ts'), report, ...words], (error) =>
      resolve(typeof error?.code === 'number' ? error.code : 0),
    );
  });
  const { features } = FeatureList.parse(
    JSON.parse(await readFile(join(folder, 'prd-013-features.json'), 'utf8')),
  );
  return { code, passes: Object.fromEntries(features.map(({ id, passes }) => [id, passes])) };
}

describe('[SEC-021] the list of features', () => {
  it('agrees with a run in which every test of a feature passed', async () => {
    await listed({ 'SEC-001': true, 'SEC-002': false });
    const { code } = await check({ '[SEC-001] one': 'passed', '[SEC-001] two': 'passed' });
    expect(code).toBe(0);
  });

  it.each([
    [
      'says of a failed feature that it passes',
      { 'SEC-001': true },
      { '[SEC-001] one': 'passed', '[SEC-001] two': 'failed' },
    ],
    ['says of a skipped one that it passes', { 'SEC-001': true }, { '[SEC-001] one': 'skipped' }],
    ['says of one without a test that it passes', { 'SEC-001': true }, { 'something else': 'passed' }],
    ['does not say what passed', { 'SEC-001': false }, { '[SEC-001] one': 'passed' }],
    [
      'lacks a feature that tests name',
      { 'SEC-001': true },
      { '[SEC-001] one': 'passed', '[SEC-002] two': 'passed' },
    ],
  ] as const)('makes the run fail when it %s', async (_, list, tests) => {
    await listed(list);
    expect((await check(tests)).code).not.toBe(0);
  });

  it('is written from what the run showed, and from nothing else', async () => {
    await listed({ 'SEC-001': true, 'SEC-002': false, 'SEC-003': true });
    const { passes } = await check(
      { '[SEC-001] one': 'failed', '[SEC-002] [SEC-009] two': 'passed' },
      '--write',
    );
    expect(passes).toEqual({ 'SEC-001': false, 'SEC-002': true, 'SEC-003': false });
  });
});
