import { join } from 'node:path';
import { visibleText } from '@actp/shared/visible-text';
import { JobDeferred } from '@actp/shared/jobs/worker';
import { redact } from '@actp/redaction/redact';
import type { SelftestConfig } from '@actp/suites/config/selftest-config';
import { takeTree, TreeTooLarge } from '../change/tree.ts';
import type { HealDeps } from './heal-deps.ts';
import { healDir, readBefore, removeHealDir, type Before } from './heal-record.ts';
import type { Heal, HealFacts, HealStore } from '@actp/services/heals/heal-store';
import { treeOptions } from './prepare-heal.ts';
import type { HealLease } from './run-lease.ts';
import { settleHeal, type Outcome } from './settle-heal.ts';

export interface HealPass {
  store: HealStore;
  lease: HealLease;
  /** Aborted when the worker stops or the lease is lost. */
  signal: AbortSignal;
  config: SelftestConfig;
  /** Names of tests that the self-test found to be flaky, by suite. */
  flaky(suite: string): string[];
}

/** Where a heal keeps how everything was before. */
export const dirOf = ({ dataDir }: HealDeps, heal: Pick<Heal, 'id'>) =>
  healDir(join(dataDir, 'heal'), heal.id);

/** Carries a verdict out, and ends the heal with what came of it. */
export async function settle(
  deps: HealDeps,
  pass: HealPass,
  heal: Heal,
  before: Before,
  verdict: Parameters<typeof settleHeal>[3],
  facts: Partial<HealFacts> = {},
): Promise<Heal> {
  // From here the checkout is changed: not by a worker that others have given up.
  if (!(await pass.lease.held())) throw new JobDeferred(deps.timings.pollMs);
  const outcome = await settleHeal(deps, heal, before, verdict, (known) =>
    pass.store.move(heal.id, 'verify', known),
  );
  return finish(deps, pass, heal, { ...outcome, facts: { ...outcome.facts, ...facts } });
}

export async function finish(deps: HealDeps, pass: HealPass, heal: Heal, outcome: Outcome): Promise<Heal> {
  const end = { ...outcome, reason: visibleText(redact(outcome.reason)) };
  const finished = await pass.store.finish(heal.id, end, pass.config.heal);
  await removeHealDir(dirOf(deps, heal));
  return finished;
}

/** Ends a heal that has failed on the way; whatever the agent has changed until now is undone. */
export async function end(
  deps: HealDeps,
  pass: HealPass,
  heal: Heal,
  reason: string,
  facts: Partial<HealFacts> = {},
): Promise<Heal> {
  const dir = dirOf(deps, heal);
  const before = await readBefore(dir, heal.facts.before_digest);
  const touched = heal.attempted_at !== null || (await pass.store.read(heal.id)).attempted_at !== null;
  if (before === null || !touched) {
    const lost = touched && before === null ? '; the changes of the agent were not rolled back' : '';
    const finished = await pass.store.finish(
      heal.id,
      { state: 'not_healed', reason: `${reason}${lost}`, facts },
      pass.config.heal,
    );
    await removeHealDir(dir);
    return finished;
  }
  let after;
  try {
    after = await takeTree({ ...treeOptions(deps, before.suite, before.checkout), known: before.tree });
  } catch (error) {
    if (!(error instanceof TreeTooLarge)) throw error;
    // Without an end it would be tried for ever, and hold the coding agent.
    const left = `${reason}; could not be rolled back: the checkout ${error.message}`;
    return pass.store.finish(heal.id, { state: 'not_healed', reason: left, facts }, pass.config.heal);
  }
  const files = Object.keys(after).filter(
    (path) =>
      after[path]?.kept === true &&
      after[path].type !== 'directory' &&
      after[path].digest !== before.tree[path]?.digest,
  );
  return settle(deps, pass, heal, before, { healed: false, reason, files, after }, facts);
}
