import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../packages/testing/src/at-end.ts';

const dir = mkdtempSync(join(tmpdir(), 'actp-features-'));
atEnd(() => rmSync(dir, { recursive: true, force: true }));
mkdirSync(join(dir, 'scripts'));
cpSync(join(import.meta.dirname, 'features.ts'), join(dir, 'scripts/features.ts'));
const file = join(dir, 'prd-013-features.json');

/** Compares a list of features with a run of tests. */
function compare(
  features: Record<string, boolean>,
  tests: Record<string, string>,
  ...more: string[]
): number {
  const list = Object.entries(features).map(([id, passes]) => ({ id, description: id, passes }));
  writeFileSync(file, JSON.stringify({ prd: '013', features: list }));
  const report = join(dir, 'report.json');
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }));
  writeFileSync(report, JSON.stringify({ testResults: [{ assertionResults }] }));
  try {
    execFileSync(process.execPath, [join(dir, 'scripts/features.ts'), report, ...more], { stdio: 'pipe' });
    return 0;
  } catch (error) {
    return error instanceof Error && 'status' in error ? Number(error.status) : -1;
  }
}

describe('[SEC-021] prd-013-features.json', () => {
  it('says what the run of tests has shown, or the run fails', () => {
    const tests = {
      '[SEC-001] a': 'passed',
      '[SEC-001] b': 'passed',
      '[SEC-002] c': 'failed',
      '[SEC-002] d': 'passed',
    };
    expect(compare({ 'SEC-001': true, 'SEC-002': false, 'SEC-003': false }, tests)).toBe(0);
    expect(compare({ 'SEC-001': false, 'SEC-002': false }, tests)).toBe(1);
    expect(compare({ 'SEC-001': true, 'SEC-002': true }, tests)).toBe(1);
    expect(compare({ 'SEC-001': true, 'SEC-002': false, 'SEC-003': true }, tests)).toBe(1);
    expect(compare({ 'SEC-001': true }, tests)).toBe(1);
  });

  it('is written from the run on request', () => {
    expect(compare({ 'SEC-001': false, 'SEC-002': true }, { '[SEC-001] a': 'passed' }, '--write')).toBe(0);
    const { features } = JSON.parse(readFileSync(file, 'utf8')) as {
      features: Array<{ id: string; passes: boolean }>;
    };
    expect(features.map(({ id, passes }) => [id, passes])).toEqual([
      ['SEC-001', true],
      ['SEC-002', false],
    ]);
  });
});
