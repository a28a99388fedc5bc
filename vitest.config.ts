import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// `long` holds the same kinds of trial at another size; `npm test` leaves it out.
const tiers = ['unit', 'integration', 'e2e', 'long'] as const;
const minute = 60_000;
// Only to end what hangs: no verdict may depend on how fast a machine is.
const hang = 10 * minute;

export default defineConfig({
  test: {
    // Files run beside each other, each with stores of its own. Two more than there are cores: many wait for a deadline or a store.
    maxWorkers: Math.min(availableParallelism() + 2, 4),
    // Starting a process and loading the libraries again for each file took a fifth of the run; modules of ours keep no state.
    isolate: false,
    reporters: ['default'],
    projects: tiers.map((tier) => ({
      test: {
        name: tier,
        setupFiles: [
          'packages/testing/src/clean-up.ts',
          ...(tier === 'long' ? [] : ['packages/testing/src/fixed-seed.ts']),
        ],
        include: [`{apps,e2e,examples,packages,scripts}/**/*.${tier}.test.ts`],
        ...(tier === 'unit'
          ? { testTimeout: hang, hookTimeout: hang }
          : {
              globalSetup: ['packages/testing/src/global-setup.ts'],
              testTimeout: tier === 'long' ? 30 * minute : hang,
              hookTimeout: hang,
            }),
      },
    })),
  },
});
