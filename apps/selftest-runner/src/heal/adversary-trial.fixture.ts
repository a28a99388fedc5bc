import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { atEnd } from '@actp/testing/at-end';
import { SelftestConfig } from '@actp/suites/config/selftest-config';
import { runTests } from '@actp/suites/suite/run-suite';
import { createGit } from './change/git.ts';
import { changesBetween, takeTree } from './change/tree.ts';
import { readBefore } from './run/heal-record.ts';
import { prepareHeal, treeOptions } from './run/prepare-heal.ts';
import { rollBack } from './run/rollback.ts';
import { verifyHeal, type VerifiedChange } from './run/verify-heal.ts';
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

interface Ready {
  digest: string;
  /** A copy of what was kept. */
  kept: string;
  /** What git names, for each repository. */
  named: string[][];
}
// Every agent finds the same checkout in the same place: what is known of it before is found once.
const prepared = new Map<string, Ready>();

function suiteOf({ suites: [suite] }: SelftestConfig) {
  if (suite === undefined) throw new Error('there is no suite');
  return suite;
}

let template: Promise<string> | null = null;

/** A checkout with all that an agent could do harm to; made once, and copied for each trial. */
async function makeTemplate(): Promise<string> {
  const checkout = await mkdtemp(join(tmpdir(), 'adversary-template-'));
  atEnd(() => rm(checkout, { recursive: true, force: true }));
  await writeSuite(checkout);
  await writeFile(join(checkout, '.gitignore'), 'build/\n');
  const inner = join(checkout, 'inner');
  await mkdir(inner);
  await writeFile(join(inner, 'part.py'), 'x = 1\n');
  await gitIn(inner, 'init', '-q', '-b', 'main');
  await commitAll(inner);
  await gitIn(inner, 'branch', 'spare');
  await gitIn(checkout, 'init', '-q', '-b', 'main');
  for (const work of ['# older\n', '# newer\n']) {
    await commitAll(checkout);
    await writeFile(join(checkout, 'mine.py'), work);
    await gitIn(checkout, 'stash', '-u', '-q');
    await writeFile(join(checkout, 'notes.txt'), work);
  }
  await commitAll(checkout);
  await gitIn(checkout, 'branch', 'spare');
  await gitIn(checkout, 'tag', 'v1');
  return checkout;
}

/** What git has beside files: branches, tags, stashes, where HEAD is. */
async function namesIn(repository: string): Promise<string[]> {
  const refs = (await gitIn(repository, 'for-each-ref', '--format=%(refname) %(objectname)')).stdout;
  const stashes = await readFile(join(repository, '.git/logs/refs/stash'), 'utf8').catch(() => '');
  const head = await readFile(join(repository, '.git/HEAD'), 'utf8');
  return [`HEAD ${head}`, `stashes ${stashes}`, ...refs.split('\n')];
}

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
  mine: ((checkout: string) => Promise<unknown>) | null = null,
): Promise<{ verdict: VerifiedChange; left: string[]; unrestored: string[] }> {
  const checkout = join(root, 'checkout');
  const dataDir = join(root, 'data');
  await rm(root, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  template ??= makeTemplate();
  await cp(await template, checkout, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  await mine?.(checkout);
  const repositories = [checkout, join(checkout, 'inner')];

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
  const dir = join(dataDir, 'heal');
  const runDir = join(root, 'run');
  await mkdir(runDir, { recursive: true });
  const run = { runDir, signal: new AbortController().signal };

  const known = mine === null ? prepared.get(root) : undefined;
  if (known !== undefined) await cp(known.kept, dir, { recursive: true });
  const ready = known ?? (await prepareAnew());
  async function prepareAnew(): Promise<Ready> {
    const named = await Promise.all(repositories.map(namesIn));
    const made = await prepareHeal(deps, { suite: suiteOf(config), heal: config.heal, flaky: [], dir }, run);
    if (made.kind !== 'ready') throw new Error(made.reason);
    const kept = await mkdtemp(join(tmpdir(), 'adversary-prepared-'));
    atEnd(() => rm(kept, { recursive: true, force: true }));
    await cp(dir, kept, { recursive: true });
    const anew = { digest: made.digest, kept, named };
    if (mine === null) prepared.set(root, anew);
    return anew;
  }
  const before = await readBefore(dir, ready.digest);
  if (before === null) throw new Error('the record is gone');
  before.suite.timeout_seconds = timeoutSeconds;
  await deed(checkout);
  const verdict = await verifyHeal(deps, before, dir, run);
  const left = verdict.healed ? [] : await rollBack(deps, before, dir);
  const after = await takeTree(treeOptions(deps, before.suite, before.checkout));
  // What a cache has lost is made again; what it has got must be gone.
  const unrestored = changesBetween(before.tree, after)
    .filter(({ before: was, after: is }) => was?.kept === true || is?.kept === true || is?.cache === true)
    .map(({ path }) => path);
  unrestored.push(...Object.keys(after).filter((path) => path.endsWith('.git') && !(path in before.tree)));
  for (const [index, repository] of repositories.entries()) {
    const now = await namesIn(repository).catch((): string[] => []);
    unrestored.push(...(ready.named[index] ?? []).filter((name) => !now.includes(name)));
  }
  return { verdict, left, unrestored };
}
