import { basename, join, resolve } from 'node:path';
import { findDirectoryProblem } from '@actp/suites/command/find-program';
import type { SelftestConfig, SuiteConfig } from '@actp/suites/config/selftest-config';
import type { SuiteRun, TestFailure } from '@actp/suites/suite/run-suite';
import { globMatcher } from '@actp/suites/config/glob';
import { findCheckout, indexOf, type Checkout } from '../change/checkout.ts';
import { BackupTooLarge, backUpSource } from '../change/restore.ts';
import { gitWithin, type Git } from '../change/git.ts';
import { repositoriesIn, takeAllRefs, nestedRefs } from '../change/refs.ts';
import { takeTree, TreeTooLarge, type TreeOptions } from '../change/tree.ts';
import { fixPrompt } from '../prompt/fix-prompt.ts';
import type { HealDeps } from './heal-deps.ts';
import { backUpIndex, removeHealDir, sourceDir, writeBefore } from './heal-record.ts';
import { testEnvironment } from './test-environment.ts';

export type Prepared =
  | { kind: 'ready'; digest: string; tests: string[]; note: string }
  /** There is nothing to hand over. */
  | { kind: 'nothing'; reason: string };

type PrepareDeps = Pick<HealDeps, 'runTests' | 'git' | 'rootDir' | 'dataDir'>;

/**
 * Gets everything ready before the agent is asked: sees the suite fail once more, test by test, takes the checkout's
 * fingerprint and a copy of its source, writes the prompt. Repeating it begins anew.
 *
 * @param given.flaky tests that the self-test has found to be flaky: never handed over
 * @param given.dir where what was before is kept
 */
export async function prepareHeal(
  deps: PrepareDeps,
  given: { suite: SuiteConfig; heal: SelftestConfig['heal']; flaky: readonly string[]; dir: string },
  run: SuiteRun,
): Promise<Prepared> {
  const { suite, heal, dir } = given;
  await removeHealDir(dir);
  const cwd = resolve(deps.rootDir, suite.cwd);
  // A mistake in the configuration, which is a person's to mend.
  const misplaced = await findDirectoryProblem(cwd);
  if (misplaced !== null) return { kind: 'nothing', reason: `it cannot be run: ${misplaced}` };
  const { result, tests } = await deps.runTests(suite, run, { env: testEnvironment(run), list: true });
  if (run.signal.aborted) return { kind: 'nothing', reason: 'the worker was stopped' };
  if (result.status === 'passed') return { kind: 'nothing', reason: 'it passes now' };
  if (result.timed_out) return { kind: 'nothing', reason: 'it timed out, so there is no test to heal' };
  if (result.tests_failed > result.failures.length) {
    return { kind: 'nothing', reason: `more tests fail than can be handed over (${result.tests_failed})` };
  }
  const failing = result.failures.filter(({ test }) => !given.flaky.includes(test));
  if (failing.length === 0) return { kind: 'nothing', reason: 'only flaky tests fail' };

  const checkout = await findCheckout(deps.git, cwd);
  try {
    const tree = await takeTree(treeOptions(deps, suite, checkout));
    await backUpSource(checkout.root, tree, sourceDir(dir));
    const refs = await takeAllRefs(deps.git, checkout.root, repositoriesIn(tree, checkout.git !== null));
    const idle = idleGlobs(heal.protected, Object.keys(tree));
    const prompt = await promptOf(deps.git, suite, heal.protected, checkout, failing, {
      failed: failing.length,
      total: result.tests_total,
    });
    const digest = await writeBefore(dir, {
      suite,
      heal,
      checkout,
      tree,
      refs,
      failing,
      flaky: [...given.flaky],
      tests,
      prompt,
    });
    await backUpIndex(dir, await indexOf(deps.git, checkout.root));
    for (const [at, { path }] of nestedRefs(refs).entries()) {
      const place = join(checkout.root, path);
      await backUpIndex(dir, await indexOf(gitWithin(deps.git, place), place), at + 1);
    }
    const note =
      idle.length === 0 ? '' : `heal.protected matches nothing in ${suite.name}: ${idle.join(', ')}`;
    return { kind: 'ready', digest, tests: failing.map(({ test }) => test), note };
  } catch (error) {
    if (!(error instanceof TreeTooLarge) && !(error instanceof BackupTooLarge)) throw error;
    await removeHealDir(dir);
    return { kind: 'nothing', reason: `its checkout cannot be watched: ${error.message}` };
  }
}

/** How a suite's checkout is looked at: the same before and after. */
export function treeOptions(
  { git, dataDir, rootDir }: Pick<HealDeps, 'git' | 'dataDir' | 'rootDir'>,
  suite: SuiteConfig,
  checkout: Checkout,
): TreeOptions {
  // Every run of the tests writes it.
  const report =
    suite.junit === undefined
      ? []
      : [resolve(rootDir, suite.cwd, suite.junit), resolve(checkout.root, checkout.prefix, suite.junit)];
  return { root: checkout.root, git, inGit: checkout.git !== null, skip: [dataDir, ...report] };
}

// Perhaps a typing error, which would leave something open: said, but no reason to refuse, since a file may be made later.
function idleGlobs(globs: readonly string[], paths: readonly string[]): string[] {
  return globs.filter((glob) => {
    const matches = globMatcher(glob);
    return !paths.some((path) => matches(path));
  });
}

async function promptOf(
  git: Git,
  suite: SuiteConfig,
  protectedGlobs: readonly string[],
  { root, prefix, git: head }: Checkout,
  failing: readonly TestFailure[],
  { failed, total }: { failed: number; total: number },
): Promise<string> {
  const changes =
    head === null
      ? null
      : {
          log:
            (await git.run(root, [
              'log',
              '-5',
              '--stat=100',
              '--no-color',
              '--no-ext-diff',
              '--format=%h %ad %s',
              '--date=short',
            ])) ?? '',
          diffStat:
            (await git.run(root, ['diff', '--stat=100', '--no-color', '--no-ext-diff', 'HEAD'])) ?? '',
        };
  return fixPrompt({
    suite: suite.name,
    command: suite.command,
    rerun: suite.rerun ?? [],
    repository: basename(root),
    directory: prefix === '' ? '.' : prefix.replace(/\/$/, ''),
    failures: failing,
    failed,
    total,
    changes,
    protected: protectedGlobs,
  });
}
