import { defineConfig } from 'vitest/config';

// `long` holds the same kinds of trial at another size; `npm test` leaves it out.
const tiers = ['unit', 'integration', 'e2e', 'long'] as const;
const minute = 60_000;

export default defineConfig({
  test: {
    // Files run beside each other on two cores; each has stores of its own.
    maxWorkers: 3,
    reporters: ['default'],
    projects: tiers.map((tier) => ({
      test: {
        name: tier,
        include: [`{apps,packages,scripts}/**/*.${tier}.test.ts`],
        ...(tier === 'unit'
          ? { testTimeout: minute }
          : {
              globalSetup: ['packages/testing/src/global-setup.ts'],
              testTimeout: tier === 'long' ? 30 * minute : minute,
              hookTimeout: minute,
            }),
      },
    })),
  },
});
