import process from 'node:process';
import { defineConfig } from 'vitest/config';
import { areas } from './areas.ts';

// What Stryker runs for one area, named by MUTANTS_AREA; see stryker.ts.
const area = areas[process.env['MUTANTS_AREA'] ?? ''];
if (area === undefined) throw new Error('MUTANTS_AREA names no area');
const hang = 5 * 60_000;

export default defineConfig({
  test: {
    // What a module computes when it is loaded has to be computed again for each mutant.
    isolate: true,
    include: [...area.tests],
    setupFiles: ['packages/testing/src/clean-up.ts', 'packages/testing/src/fixed-seed.ts'],
    ...(area.stores ? { globalSetup: ['packages/testing/src/global-setup.ts'] } : {}),
    testTimeout: hang,
    hookTimeout: hang,
  },
});
