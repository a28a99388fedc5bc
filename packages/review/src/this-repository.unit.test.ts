import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../../../.github');
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const workflows = readdirSync(join(folder, 'workflows'));

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<
    string,
    {
      permissions: Record<string, string>;
      'timeout-minutes': number;
      steps: Array<{ uses?: string; with?: Record<string, unknown> }>;
    }
  >;
}

describe('[NEXT-004] scanning of this repository on GitHub', () => {
  it.each(workflows)(
    'uses actions by their commit, and has no right that a job does not name: %s',
    (file) => {
      const { permissions, jobs } = parse(read(`workflows/${file}`)) as Workflow;
      expect(permissions).toEqual({});
      for (const job of Object.values(jobs)) {
        expect(job['timeout-minutes']).toBeGreaterThan(0);
        const writes = Object.entries(job.permissions).filter(([, right]) => right !== 'read');
        expect(writes.filter(([name]) => name !== 'security-events')).toEqual([]);
        for (const { uses, with: inputs } of job.steps) {
          if (uses === undefined) continue;
          expect(uses).toMatch(/^[\w-]+(?:\/[\w-]+)+@[\da-f]{40}$/);
          if (uses.startsWith('actions/checkout@'))
            expect(inputs).toMatchObject({ 'persist-credentials': false });
        }
      }
      // Which release a commit is, for whoever reads it.
      for (const line of read(`workflows/${file}`).split('\n')) {
        if (line.includes('uses:')) expect(line).toMatch(/# v\d+\.\d+\.\d+$/);
        // Text of strangers that GitHub puts into a shell is a program of theirs.
        if (line.includes('run:')) expect(line).not.toContain('${{');
      }
    },
  );

  it('[SEC-017] has CodeQL, dependency review and Dependabot, which waits a week with updates', () => {
    const used = workflows.map((file) => read(`workflows/${file}`)).join('\n');
    for (const action of ['github/codeql-action/init', 'actions/dependency-review-action'])
      expect(used).toContain(`${action}@`);
    const { updates } = parse(read('dependabot.yml')) as {
      updates: Array<{ 'package-ecosystem': string; cooldown: Record<string, number> }>;
    };
    expect(updates.map((entry) => entry['package-ecosystem'])).toEqual(['npm', 'github-actions']);
    for (const { cooldown } of updates) expect(cooldown['default-days']).toBeGreaterThanOrEqual(7);
  });
});
