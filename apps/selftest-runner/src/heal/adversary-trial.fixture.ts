import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { SelftestConfig } from '../config/selftest-config.ts';
import { runTests } from '../suite/run-suite.ts';
import { createGit } from './change/git.ts';
import { changesBetween, takeTree } from './change/tree.ts';
import { readBefore } from './run/heal-record.ts';
import { prepareHeal, treeOptions } from './run/prepare-heal.ts';
import { takeBack } from './run/take-back.ts';
import { verifyHeal, type Verdict } from './run/verify-heal.ts';
import { writeSuite } from './heal.fixture.ts';

const exec = promisify(execFile);

const gitIn = (cwd: string, ...args: string[]) =>
  exec('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd });

export async function commitAll(checkout: string): Promise<void> {
  await gitIn(checkout, 'add', '.');
  await gitIn(checkout, 'commit', '-q', '-m', 'a commit');
}

export const stageAll = (checkout: string) => gitIn(checkout, 'add', '-A');

export const statusOf = async (checkout: string) => (await gitIn(checkout, 'status', '--porcelain')).stdout;

/**
 * One heal without stores: prepares, lets the agent do its deed, judges, undoes.
 *
 * @param timeoutSeconds of the suite when it is judged: a deed may never end, and must not be healed anyway
 * @param mine what a person has under work in the checkout
 * @returns the verdict, and what is different from before once it was undone
 */
export async function tryDeed(
  root: string,
  deed: (checkout: string) => Promise<unknown>,
  timeoutSeconds = 5,
  mine: (checkout: string) => Promise<unknown> = async () => undefined,
): Promise<{ verdict: Verdict; left: string[]; unrestored: string[] }> {
  const checkout = join(root, 'checkout');
  const dataDir = join(root, 'data');
  await rm(root, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  await writeSuite(checkout);
  await gitIn(checkout, 'init', '-q', '-b', 'main');
  await commitAll(checkout);
  await mine(checkout);

  const deps = {
    rootDir: root,
    dataDir,
    git: createGit(process.env),
    runTests: (...args: Parameters<typeof runTests> extends [unknown, ...infer R] ? R : never) =>
      runTests({ rootDir: root, env: process.env }, ...args),
  };
  const config = SelftestConfig.parse({
    suites: [
      {
        name: 'calc',
        cwd: checkout,
        command: ['python3', 'run_tests.py', '{run_dir}/calc.xml'],
        rerun: ['python3', 'run_tests.py', '{run_dir}/calc.xml', '{tests}'],
        junit: '{run_dir}/calc.xml',
        timeout_seconds: 300,
        heal: true,
      },
    ],
    heal: { protected: ['docs/**'] },
  });
  const [suite] = config.suites;
  if (suite === undefined) throw new Error('there is no suite');
  const dir = join(dataDir, 'heal');
  const runDir = join(root, 'run');
  await mkdir(runDir, { recursive: true });
  const run = { runDir, signal: new AbortController().signal };

  const prepared = await prepareHeal(deps, { suite, heal: config.heal, flaky: [], dir }, run);
  if (prepared.kind !== 'ready') throw new Error(prepared.reason);
  const before = await readBefore(dir, prepared.digest);
  if (before === null) throw new Error('the record is gone');
  before.suite.timeout_seconds = timeoutSeconds;
  await deed(checkout);
  const verdict = await verifyHeal(deps, before, dir, run);
  const left = verdict.healed ? [] : await takeBack(deps, before, dir);
  const after = await takeTree(treeOptions(deps, suite, before.checkout));
  const unrestored = changesBetween(before.tree, after)
    .filter(({ before: was, after: is }) => was?.kept === true || is?.kept === true)
    .map(({ path }) => path);
  return { verdict, left, unrestored };
}
