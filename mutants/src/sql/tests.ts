import process from 'node:process';
import { createVitest, type Vitest } from 'vitest/node';

/** Vitest with stores that stay while functions are damaged and tests run again and again. */
export interface Tests {
  /** Of the database that each test file gets a copy of. */
  databaseUrl: string;
  /** Whether all tests of these files pass. */
  pass(files: readonly string[]): Promise<boolean>;
  close(): Promise<void>;
}

const testMs = 60_000;

export async function startTests(root: string): Promise<Tests> {
  const vitest = await createVitest('test', {
    root,
    watch: false,
    project: ['integration'],
    maxWorkers: 1,
    bail: 1,
    testTimeout: testMs,
    hookTimeout: testMs,
    reporters: [{}],
    onConsoleLog: () => false,
  });
  const project = vitest.projects.find(({ name }) => name === 'integration');
  if (project === undefined) throw new Error('there is no project of integration tests');
  for (const one of vitest.projects) Object.assign(one.config, { testTimeout: testMs, hookTimeout: testMs });
  // The stores start with the first tests.
  await run(vitest, ['packages/services/src/leases/lease.integration.test.ts']);
  const { stores } = project.getProvidedContext() as { stores: { databaseUrl: string } };
  return {
    databaseUrl: stores.databaseUrl,
    pass: (files) => run(vitest, files),
    close: () => vitest.close(),
  };
}

async function run(vitest: Vitest, files: readonly string[]): Promise<boolean> {
  vitest.state.filesMap.clear();
  vitest.state.errorsSet.clear();
  await vitest.start([...files]);
  const modules = vitest.state.getTestModules();
  // Vitest says it with the exit code as well, which is ours.
  process.exitCode = 0;
  return modules.every((one) => one.ok()) && vitest.state.errorsSet.size === 0;
}
