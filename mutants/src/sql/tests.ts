import { join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createVitest, type TestSequencer, type TestSpecification, type Vitest } from 'vitest/node';
import { keptPool } from './kept-worker.ts';

/** Vitest with stores that stay while functions are damaged and tests run again and again. */
export interface Tests {
  /** Of the database that each test file gets a copy of. */
  databaseUrl: string;
  /** Runs these files in this order up to the first test that fails. */
  run(files: readonly string[]): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Outcome {
  /** The files in which a test failed; none when all tests pass. */
  failed: string[];
  passed: boolean;
  /** Whether nothing hung, and no error came from outside a test. */
  clean: boolean;
  /** How long each file took that passed. */
  seconds: ReadonlyMap<string, number>;
}

const testMs = 60_000;

class AsGiven implements TestSequencer {
  shard = async (files: TestSpecification[]) => files;
  sort = async (files: TestSpecification[]) => files;
}

export async function startTests(root: string): Promise<Tests> {
  const vitest = await createVitest('test', {
    root,
    watch: false,
    project: ['integration'],
    maxWorkers: 1,
    bail: 1,
    testTimeout: testMs,
    hookTimeout: testMs,
    sequence: { sequencer: AsGiven },
    reporters: [{}],
    onConsoleLog: () => false,
  });
  await vitest.standalone();
  const project = vitest.projects.find(({ name }) => name === 'integration');
  if (project === undefined) throw new Error('there is no project of integration tests');
  const pool = keptPool();
  for (const one of vitest.projects)
    Object.assign(one.config, {
      testTimeout: testMs,
      hookTimeout: testMs,
      pool: pool.name,
      poolRunner: pool,
    });
  const run = async (files: readonly string[]) => {
    // Looking for them by their names would read every folder again.
    const specifications = files.map((file) => project.createSpecification(join(root, file)));
    const outcome = await outcomeOf(root, vitest, specifications);
    // What hung or broke loose may go on in the next run.
    if (!outcome.clean) await pool.renew();
    return outcome;
  };
  // The stores start with the first tests.
  await run(['packages/services/src/leases/lease.integration.test.ts']);
  const { stores } = project.getProvidedContext() as { stores: { databaseUrl: string } };
  return {
    databaseUrl: stores.databaseUrl,
    run,
    close: async () => {
      await pool.renew();
      await vitest.close();
    },
  };
}

async function outcomeOf(
  root: string,
  vitest: Vitest,
  specifications: TestSpecification[],
): Promise<Outcome> {
  vitest.state.filesMap.clear();
  vitest.state.errorsSet.clear();
  const started = performance.now();
  await vitest.runTestSpecifications(specifications);
  // Vitest says it with the exit code as well, which is ours.
  process.exitCode = 0;
  const modules = vitest.state.getTestModules();
  const nameOf = ({ moduleId }: { moduleId: string }) => relative(root, moduleId);
  const errors = vitest.state.errorsSet.size;
  const passing = modules.filter((one) => one.state() === 'passed');
  return {
    failed: modules.filter((one) => !one.ok()).map(nameOf),
    passed: modules.every((one) => one.ok()) && errors === 0,
    clean: errors === 0 && performance.now() - started < testMs,
    seconds: new Map(passing.map((one) => [nameOf(one), one.diagnostic().duration / 1000])),
  };
}
