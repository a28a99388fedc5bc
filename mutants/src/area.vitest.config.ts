import process from 'node:process';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { areas } from './areas.ts';

// What Stryker runs for one area, named by MUTANTS_AREA; see stryker.ts.
const area = areas[process.env['MUTANTS_AREA'] ?? ''];
if (area === undefined) throw new Error('MUTANTS_AREA names no area');
const hang = 5 * 60_000;

/** The quickest files first: the first test that fails ends a run. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toReversed();
  }
}

export default defineConfig({
  test: {
    // Each run has a worker of its own, so that modules are loaded again for each mutant; files share them within it.
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    include: [...area.tests],
    // What measures how time grows, or tries hundreds of random texts, takes long and notices other things.
    testNamePattern: /^(?!.*(?:in proportion to|takes any text whatever))/,
    setupFiles: ['packages/testing/src/clean-up.ts', 'packages/testing/src/fixed-seed.ts'],
    ...(area.stores ? { globalSetup: ['packages/testing/src/global-setup.ts'] } : {}),
    testTimeout: hang,
    hookTimeout: hang,
  },
});
