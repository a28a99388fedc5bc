import { join } from 'node:path';
import { JobDeferred } from '@actp/shared/jobs/worker';
import { takeSuites } from '../../run/suites-lease.ts';
import { makeRunDir } from '../../run/run-dir.ts';
import type { SuiteRun } from '@actp/suites/suite/run-suite';
import type { HealPass } from './end-heal.ts';
import type { HealDeps } from './heal-deps.ts';
import { removeHealDir } from './heal-record.ts';
import type { Heal } from '@actp/services/heals/heal-store';

const selfTestPauseMs = 2_000;

/**
 * Runs tests for a heal, with a directory of their own, while no self-test runs.
 *
 * @throws JobDeferred when one is under way
 */
export async function withRunDir<T>(
  deps: HealDeps,
  pass: HealPass,
  heal: Heal,
  work: (run: SuiteRun) => Promise<T>,
): Promise<T> {
  return besideNoSelfTest(deps, pass, async (signal) => {
    const parent = join(deps.dataDir, 'heal', 'runs', heal.id);
    const runDir = await makeRunDir(parent, 'run');
    try {
      return await work({ runDir: runDir.path, signal });
    } finally {
      await removeHealDir(parent);
    }
  });
}

// A self-test under way goes first; one that begins later waits.
async function besideNoSelfTest<T>(
  deps: HealDeps,
  pass: HealPass,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const suites = await takeSuites(deps.db);
  if (suites === null) throw new JobDeferred(selfTestPauseMs);
  try {
    if (await pass.store.selfTestUnderWay()) throw new JobDeferred(selfTestPauseMs);
    const result = await work(AbortSignal.any([pass.signal, suites.lost]));
    // Somebody else may have run the same tests meanwhile: what they said is worth nothing.
    if (suites.lost.aborted) throw new JobDeferred(selfTestPauseMs);
    return result;
  } finally {
    await suites.release();
  }
}
