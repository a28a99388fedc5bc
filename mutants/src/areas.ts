/** A part of the sources, and the tests that have to notice when it is damaged. */
export interface Area {
  /** Globs from the root; `!` leaves out. */
  sources: readonly string[];
  /** The score is a lower bound where slow ones are left out. */
  tests: readonly string[];
  /** Its tests need Postgres, PostgREST and Redis. */
  stores: boolean;
  /** How many damages are tried beside each other: more than one where tests mostly wait. */
  concurrency?: number;
}

const notTests = '!**/*.{test,fixture}.ts';

const unit = (folder: string): Area => ({
  sources: [`${folder}/src/**/*.ts`, notTests],
  tests: [`${folder}/src/**/*.unit.test.ts`],
  stores: false,
});

const servicesWithoutStores = [
  'approvals/{announce,key-order,shared-redeems}',
  'approvals/card/!(*.test|*.fixture)',
  'stores/{check-redis,check-sentinels,redis-connection,redis-connection-problem,redis-error-problem,redis-info,store-problem}',
  'agents/{key,keys}',
  'anchor/anchor-file',
  'audit/batcher',
  'findings/{review,summary-text}',
  'guard/{record-decision,screen-text}',
  '{kill-switch,sessions}/cache',
  'operators/one-time-code',
  'telegram/people',
  'users/password',
].map((path) => `packages/services/src/${path}.ts`);

/** By the name that the command line takes. */
export const areas: Readonly<Record<string, Area>> = {
  policy: {
    ...unit('packages/policy'),
    // Not the properties, which would run again for everything that is computed when a module is loaded.
    tests: ['packages/policy/src/**/!(*-properties).{unit,integration}.test.ts'],
  },
  // Not the programs that measure and train, which no plane runs; and not what measures time, which says nothing about a damage.
  redaction: {
    ...unit('packages/redaction'),
    sources: ['packages/redaction/src/**/*.ts', '!**/{evaluate,samples}/**', notTests],
    tests: ['packages/redaction/src/**/!(linear).unit.test.ts'],
  },
  screening: {
    ...unit('packages/screening'),
    sources: ['packages/screening/src/**/*.ts', '!**/{evaluate,train}/**', '!**/weights.ts', notTests],
  },
  // Not its build, which would compile what Stryker has written into the sources.
  sdk: {
    ...unit('packages/sdk'),
    tests: ['packages/sdk/src/**/!(build).unit.test.ts'],
    concurrency: 4,
  },
  // When the tests of a suite are believed. How they are run is tested with processes, which take too long to be repeated for each damage.
  suites: {
    ...unit('packages/suites'),
    sources: [
      'packages/suites/src/suite/{detect-flaky,doctest-id,failure-only-name,holds-tests,junit-cases,lost-tests}.ts',
      'packages/suites/src/suite/{missing-after-full-rerun,outcomes,renamed-tests,rerun-failing,test-id,whole-suite}.ts',
      'packages/suites/src/config/glob.ts',
    ],
  },
  // What judges; the rest is tested by whole heals, which take too long to be repeated for each damage.
  heal: {
    ...unit('apps/selftest-runner'),
    sources: [
      'apps/selftest-runner/src/heal/change/{concurrent-writes,doctests,find-violations,protected-paths,test-tampering}.ts',
      'apps/selftest-runner/src/heal/run/verify-by-tests.ts',
    ],
  },
  // What needs no store, by its unit tests; the rest with stores, which takes much longer.
  services: {
    sources: servicesWithoutStores,
    tests: ['packages/services/src/**/*.unit.test.ts'],
    stores: false,
    concurrency: 3,
  },
  'services-stores': {
    sources: [
      'packages/services/src/**/*.ts',
      notTests,
      '!packages/services/src/doctor/**',
      ...servicesWithoutStores.map((glob) => `!${glob}`),
    ],
    tests: [
      'packages/services/src/**/*.{unit,integration}.test.ts',
      // What the start looks at, with stores of every kind.
      'apps/supervisor/src/external-stores/check-redis.integration.test.ts',
    ],
    stores: true,
    concurrency: 2,
  },
  // It decides nothing: what it says is read by people.
  doctor: {
    sources: ['packages/services/src/doctor/**/*.ts', notTests],
    tests: ['packages/services/src/doctor/**/*.{unit,integration}.test.ts'],
    stores: true,
    concurrency: 2,
  },
  // What needs no store, by its unit tests; the rest by tests of running gateways.
  'gateway-auth': {
    sources: [
      'apps/gateway/src/{auth,rate-limits}/**/*.ts',
      notTests,
      '!**/{first-operator,limiter,peers,rate-limit,shared-counts,sign-in}.ts',
    ],
    tests: ['apps/gateway/src/{auth,rate-limits}/**/*.unit.test.ts'],
    stores: false,
    // Who waits for a turn that never comes waits until the run is ended.
    concurrency: 6,
  },
  // The nearest tests only: what a gateway is made of is damaged for all tests of one, so that all of them would run.
  'gateway-auth-stores': {
    sources: ['apps/gateway/src/auth/{first-operator,sign-in}.ts'],
    tests: ['apps/gateway/src/auth/{first-operator,sign-in}.{unit,integration}.test.ts'],
    stores: true,
  },
  // By rules on a clock that stands still; those that wait for windows to pass, and running gateways, take long and notice little more.
  'gateway-limits': {
    sources: ['apps/gateway/src/rate-limits/{limiter,peers,rate-limit,shared-counts}.ts'],
    tests: [
      'apps/gateway/src/rate-limits/rate-limit.unit.test.ts',
      'apps/gateway/src/rate-limits/{limiter-alone,limiter-crowded,peers-alone,peers-joining,peers-keys,shared-counts}.integration.test.ts',
    ],
    stores: false,
    concurrency: 2,
  },
};
