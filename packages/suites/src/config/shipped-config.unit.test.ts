import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSelftestConfig } from './read-selftest-config.ts';
import { builtinNames } from './selftest-config.ts';

describe('the configuration that is shipped', () => {
  it('is valid, checks every part of the plane and runs a suite of this repository', async () => {
    const file = join(import.meta.dirname, '../../../../config/selftest.yaml');
    const outcome = parseSelftestConfig(await readFile(file, 'utf8'));
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    expect(outcome.config.services.map((service) => service.kind === 'builtin' && service.builtin)).toEqual([
      ...builtinNames,
    ]);
    expect(outcome.config.suites).toHaveLength(1);
    // Nothing that two planes in one checkout would both write.
    expect(outcome.config.suites[0]?.junit).toMatch(/^\{run_dir\}\//);
  });
});
