import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeHealBranch } from '../change/heal-branch.ts';
import { keepPatch, makePatch, type Patch } from '../change/patch.ts';
import type { Tree } from '../change/tree.ts';
import { nestedRefs } from '../change/refs.ts';
import { listedPath, shownPath } from '../change/shown-path.ts';
import type { HealDeps } from './heal-deps.ts';
import { healDir, sourceDir, type Before } from './heal-record.ts';
import type { FinalHealState, Heal, HealFacts, HealVerdict } from '@actp/services/heals/heal-store';
import { rollBack } from './rollback.ts';

export interface Outcome {
  state: Exclude<FinalHealState, 'skipped'>;
  reason: string;
  facts: Partial<HealFacts>;
}

const maxFiles = 100;

/**
 * Carries a verdict out: a change that failed is kept as a patch and undone; a verified one stays, or, where it is only to
 * be proposed, goes to a branch.
 */
export async function settleHeal(
  deps: HealDeps,
  heal: Pick<Heal, 'id' | 'run_id' | 'suite'>,
  before: Before,
  verdict: HealVerdict & { files: readonly string[]; after: Tree },
  remember: (facts: Partial<HealFacts>) => Promise<unknown>,
): Promise<Outcome> {
  const dir = healDir(join(deps.dataDir, 'heal'), heal.id);
  const facts: Partial<HealFacts> = { changed_files: verdict.files.slice(0, maxFiles).map(shownPath) };
  if (verdict.healed && before.heal.mode !== 'propose')
    return { state: 'healed', reason: verdict.reason, facts };

  const patch = await patchOf(deps, before, dir, verdict.after);
  const file = join(deps.dataDir, 'heal', 'patches', `${heal.run_id}-${heal.id.slice(0, 8)}.patch`);
  if (patch !== null && patch.text !== '') await keepPatch(patch, file);
  // One that an attempt left which was killed before it could say so counts as well.
  if (existsSync(file)) facts.patch_file = file;
  if (!verdict.healed)
    return { state: 'not_healed', ...(await rollBackFor(deps, before, dir, verdict.reason, facts)) };

  const proposed = await propose(deps, heal, before, dir, patch, verdict.files);
  if ('problem' in proposed) {
    const reason = `verified, but it cannot be proposed: ${proposed.problem}`;
    return { state: 'not_healed', ...(await rollBackFor(deps, before, dir, reason, facts)) };
  }
  // Before the checkout is restored: afterwards the tests would no longer say that it works.
  await remember({ ...facts, ...proposed });
  return settleProposed(deps, before, dir, verdict.reason, { ...facts, ...proposed });
}

/** Ends what was verified and stands on a branch: the checkout is put back, the branch stays. */
export async function settleProposed(
  deps: HealDeps,
  before: Before,
  dir: string,
  reason: string,
  facts: Partial<HealFacts>,
): Promise<Outcome> {
  const asked = `${reason}; it waits on ${facts.branch} for approval ${facts.approval_id}`;
  const rolledBack = await rollBackFor(deps, before, dir, asked, facts, `refs/heads/${facts.branch}`);
  return { state: 'healed', ...rolledBack };
}

async function patchOf(deps: HealDeps, before: Before, dir: string, after: Tree): Promise<Patch | null> {
  const trees = { before: before.tree, after };
  return makePatch(deps.git, before.checkout.root, sourceDir(dir), trees, join(dir, 'patch'));
}

async function rollBackFor(
  deps: HealDeps,
  before: Before,
  dir: string,
  reason: string,
  facts: Partial<HealFacts>,
  except: string | null = null,
): Promise<{ reason: string; facts: Partial<HealFacts> }> {
  const left = await rollBack(deps, before, dir, except);
  if (left.length === 0) return { reason, facts };
  return {
    reason: `${reason}; could not be rolled back: ${left.slice(0, 5).map(shownPath).join(', ')}`,
    facts,
  };
}

async function propose(
  deps: HealDeps,
  { id, run_id, suite }: Pick<Heal, 'id' | 'run_id' | 'suite'>,
  { checkout, refs }: Before,
  dir: string,
  patch: Patch | null,
  files: readonly string[],
): Promise<{ branch: string; approval_id: string } | { problem: string }> {
  if (checkout.git === null) return { problem: 'the checkout is not a git repository with a commit' };
  const inside = nestedRefs(refs).find(({ path }) => files.some((file) => file.startsWith(`${path}/`)));
  if (inside !== undefined) return { problem: `it changes a nested repository, ${listedPath(inside.path)}` };
  if (patch === null || patch.text === '') return { problem: 'there is no change' };
  const branch = `heal/${run_id}`;
  const message = `fix: repair ${suite}\n\nMade by the coding agent, verified by the tests.\nRun ${run_id}, heal ${id}.`;
  const change = { branch, head: checkout.git.head, patch, message };
  const problem = await makeHealBranch(deps.git, checkout.root, change, dir);
  if (problem !== null) return { problem };
  const question = {
    healId: id,
    runId: run_id,
    suite,
    branch,
    digest: patch.digest,
    files: files.map(shownPath),
  };
  return { branch, approval_id: await deps.askToApply(question) };
}
