import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isDoctestInCode } from '@actp/suites/suite/doctest-id';
import type { SuiteRun } from '@actp/suites/suite/run-suite';
import { headOf, indexOf } from '../change/checkout.ts';
import { sameDoctests } from '../change/doctests.ts';
import { dropChangedCaches } from '../change/drop-changed-caches.ts';
import { findViolations } from '../change/find-violations.ts';
import { detectTestTampering } from '../change/test-tampering.ts';
import { refChanges, refText } from '../change/refs.ts';
import { createProtection, type Protection } from '../change/protected-paths.ts';
import { listedPath } from '../change/shown-path.ts';
import { changesBetween, takeTree, type Change, type Tree } from '../change/tree.ts';
import { findConcurrentWrite } from '../change/concurrent-writes.ts';
import type { HealVerdict } from '@actp/services/heals/heal-store';
import type { HealDeps } from './heal-deps.ts';
import { restoreIndex, sourceDir, type Before } from './heal-record.ts';
import { requiredPasses, verifyByTests } from './verify-by-tests.ts';
import { treeOptions } from './prepare-heal.ts';

/** The verdict, and what it is about. */
export interface VerifiedChange extends HealVerdict {
  /** What the agent has changed of the source, relative to the repository. */
  files: string[];
  /** The checkout as the agent left it. */
  after: Tree;
}

type VerifyDeps = Pick<HealDeps, 'runTests' | 'git' | 'rootDir' | 'dataDir'>;

const maxShown = 5;
// A source file has some hundred KiB; one that nobody looks through is not accepted.
const maxRead = 4 * 1024 * 1024;
// Scripts and configurations that a command names; data that it reads may well be what is to be repaired.
const program = /\.(?:py|[cm]?[jt]sx?|sh|bash|rb|pl|php|json|toml|ini|cfg|ya?ml|mk)$/i;

/**
 * Judges what the agent has done: first what it has changed, then, by the tests alone, whether it works (SEC-008). The tests
 * do not run at all on a change that must not be.
 *
 * @param dir where what was before is kept
 * @param except a branch of our own making, in full: an attempt before this one was killed when it had just made it
 */
export async function verifyHeal(
  deps: VerifyDeps,
  before: Before,
  dir: string,
  run: SuiteRun,
  except: string | null = null,
): Promise<VerifiedChange> {
  const options = { ...treeOptions(deps, before.suite, before.checkout), known: before.tree };
  const protection = protectionOf(deps, before);
  const { root } = before.checkout;
  if ((await realpath(root).catch(() => root)) !== root)
    return { healed: false, reason: 'it replaced the checkout with a link', files: [], after: {} };
  const after = await takeTree(options);
  await dropChangedCaches(root, before.tree, after);
  const changes = changesBetween(before.tree, after);
  const files = sourceChanges(changes);
  const verdict = (healed: boolean, reason: string): VerifiedChange => ({ healed, reason, files, after });

  const violation = violationText(changes, protection);
  if (violation !== null) return verdict(false, violation);
  const history = await resetCommits(deps, before, dir);
  if (history !== null) return verdict(false, history);
  const named = await namesText(deps, before, except);
  if (named !== null) return verdict(false, named);
  const tampering = await testTampering(before, dir, changes);
  if (tampering !== null) return verdict(false, tampering);

  const tests = await verifyByTests(deps.runTests, before, run);
  if (run.signal.aborted) return verdict(false, 'the worker was stopped');
  const note = tests.note === '' ? '' : ` (${tests.note})`;
  if (tests.problem !== null) return verdict(false, `${tests.problem}${note}`);

  // Whoever goes on working in the background is caught here.
  const last = await takeTree(options);
  const since = violationText(changesBetween(before.tree, last), protection);
  if (since !== null) return verdict(false, `${since} (during verification)`);
  const renamed = await namesText(deps, before, except);
  if (renamed !== null) return verdict(false, `${renamed} (during verification)`);
  const inGit = before.checkout.git !== null;
  const concurrent = findConcurrentWrite(after, last, files, { protection, inGit });
  if (concurrent !== null) return verdict(false, `written during verification: ${listedPath(concurrent)}`);
  const count = before.failing.length;
  const passed = `its ${count === 1 ? 'failing test' : `${count} failing tests`} passed ${requiredPasses} times in a row, then the whole suite${note}`;
  return verdict(true, files.length === 0 ? `${passed}; no file of the checkout was changed` : passed);
}

function sourceChanges(changes: readonly Change[]): string[] {
  return changes
    .filter(({ before, after }) => before?.kept === true || after?.kept === true)
    .map(({ path }) => path);
}

function violationText(changes: readonly Change[], protection: Protection): string | null {
  const found = findViolations(changes, protection);
  if (found.length === 0) return null;
  return `it changed protected files: ${shortList(found.map(({ path, why }) => `${listedPath(path)} (${why})`))}`;
}

async function namesText(
  { git }: VerifyDeps,
  { checkout, refs }: Before,
  except: string | null,
): Promise<string | null> {
  const changes = (await refChanges(git, checkout.root, refs)).filter(
    ({ path, ref }) => path !== '' || ref !== except,
  );
  return changes.length === 0 ? null : `it moved or deleted git refs: ${shortList(changes.map(refText))}`;
}

function shortList(words: readonly string[]): string {
  const more = words.length > maxShown ? ` and ${words.length - maxShown} more` : '';
  return `${words.slice(0, maxShown).join(', ')}${more}`;
}

function protectionOf(
  { rootDir }: VerifyDeps,
  { suite, heal, checkout, tests, failing, tree }: Before,
): Protection {
  const cwd = resolve(rootDir, suite.cwd);
  const inRepository = (path: string) => {
    const real = resolve(checkout.root, checkout.prefix, isAbsolute(path) ? relative(cwd, path) : path);
    return relative(checkout.root, real).split(sep).join('/');
  };
  // A file of code with doctests is what is to be repaired; that these stay as they are is looked at apart.
  const names = [...(tests ?? []), ...failing]
    .filter(({ test }) => !isDoctestInCode(test))
    .map(({ test }) => test.split('::')[0]?.split(' > ')[0] ?? '');
  const testFiles = [...new Set(names)].filter((name) => /^[^\s].*\.\w{1,5}$/.test(name));
  const programs = [...suite.command, ...(suite.rerun ?? [])]
    .flatMap((part) => [part, ...part.split(/[\s;&|()'"]+/), part.replace(/^[^=]*=/, '')])
    .filter((part) => part !== '' && (program.test(part) || part === suite.command[0]))
    .map(inRepository);
  return createProtection({
    globs: heal.protected,
    prefix: checkout.prefix,
    files: [
      ...testFiles.map((name) => ({ path: inRepository(name), why: 'a test' })),
      ...programs
        .filter((path) => tree[path]?.type === 'file')
        .map((path) => ({ path, why: 'how tests are run' })),
    ],
  });
}

/** Commits become changes that are not committed, so that one rule holds for all; what cannot be taken back is said. */
async function resetCommits({ git }: VerifyDeps, { checkout }: Before, dir: string): Promise<string | null> {
  if (checkout.git === null) return null;
  const { root, git: was } = checkout;
  const now = await headOf(git, root);
  if (now?.head === was.head && now.branch === was.branch) return null;
  const forward =
    now !== null &&
    now.branch === was.branch &&
    (await git.run(root, ['merge-base', '--is-ancestor', was.head, now.head])) !== null;
  if (!forward) return 'it changed the history or the branch of the repository';
  await git.run(root, ['update-ref', 'HEAD', was.head, now.head]);
  await restoreIndex(dir, await indexOf(git, root));
  return null;
}

async function testTampering(
  { checkout, tests, failing }: Before,
  dir: string,
  changes: readonly Change[],
): Promise<string | null> {
  const doctests = [...(tests ?? []), ...failing].some(({ test }) => isDoctestInCode(test));
  for (const { path, before, after } of changes) {
    if (after?.type !== 'file' || !after.kept || after.digest === before?.digest) continue;
    if (after.size > maxRead) return `${listedPath(path)} is too large to be inspected (${after.size} bytes)`;
    const was =
      before?.type === 'file' ? await readFile(join(sourceDir(dir), path), 'utf8').catch(() => '') : '';
    const is = await readFile(join(checkout.root, path), 'utf8').catch(() => '');
    if (doctests && path.endsWith('.py') && !sameDoctests(was, is))
      return `it changed the doctests in ${listedPath(path)}`;
    const what = detectTestTampering(was, is);
    if (what !== null) return `${listedPath(path)} now refers to ${what}, which is not a fix`;
  }
  return null;
}
