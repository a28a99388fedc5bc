import { defineConfig } from 'vitest/config';

const tiers = ['unit', 'integration', 'e2e'] as const;

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
          ? { testTimeout: 10_000 }
          : {
              globalSetup: ['packages/testing/src/global-setup.ts'],
              testTimeout: 60_000,
              hookTimeout: 60_000,
            }),
      },
    })),
  },
});
