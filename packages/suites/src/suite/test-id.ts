import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { doctestFileIn, isModuleDoctest } from './doctest-id.ts';

/** How a test is called in a report, a message and a command that runs it again. */
export interface TestId {
  /** For people: `tests/test_x.py::TestC::test_y`, `src/a.test.ts > adds`. */
  test: string;
  /** What stands for `{tests}` in a suite's `rerun`; null when nothing can. */
  argument: string | null;
}

export interface CaseNames {
  classname: string;
  name: string;
  file: string;
  /** Whether a name is not whole any more. */
  cut?: boolean;
}

// Where vitest puts errors that belong to no test.
const noTest = 'vitest unhandled errors';
// A Python file of any other name next to a report of any other runner is not what its tests are named after.
const testPath = /test|spec|check/i;
// A runner's root can lie above the suite's directory (a pytest.ini further up); not further than this.
const maxParents = 5;
// More folders than a path has.
const maxParts = 50;
// Linux takes 128 KiB for one argument.
const maxArgumentBytes = 100_000;

/**
 * Names a test case in the form in which its runner takes it on the command line.
 *
 * | report | test | argument |
 * |---|---|---|
 * | pytest (`tests.test_x.TestC`, `test_y[1]`) | its node id `tests/test_x.py::TestC::test_y[1]` | the same |
 * | a doctest of pytest (`calc`, `calc.add`) | its node id `calc.py::calc.add` | the same |
 * | a file (vitest's class name, the `file` attribute of node and others) | `src/a.test.ts > adds` | the file |
 * | anything else | `class.name` | the name |
 *
 * A file is more than the one test, but the only thing that vitest takes once per test; the file's other tests run
 * along. Paths are relative to the suite's directory. A name is never cut or changed to become an argument: one that would be read
 * as an option, is too long for a command line or has a NUL has none.
 *
 * @param cwd the suite's directory, absolute; looked at to tell a module's name from a class
 */
export function testIdOf(names: CaseNames, cwd: string): TestId {
  const id = pytestId(names, cwd) ?? fileId(names, cwd) ?? plainId(names);
  return names.cut !== true && isArgument(id.argument) ? id : { ...id, argument: null };
}

function isArgument(text: string | null): boolean {
  if (text === null || text === '' || text.startsWith('-') || text.includes('\0')) return false;
  return text.isWellFormed() && Buffer.byteLength(text) <= maxArgumentBytes;
}

function pytestId({ classname, name, file }: CaseNames, cwd: string): TestId | null {
  // A module that could not be imported has no class name, and its dotted path as its name.
  const dotted = classname === '' ? name : classname;
  const module = file.endsWith('.py') ? declaredModule(file, dotted, cwd) : findModule(dotted, cwd, name);
  if (module === null) return textDoctestId({ classname, name, file }, cwd);
  const parts = classname === '' && module.classes.length === 0 ? [] : [...module.classes, name];
  const id = [module.path, ...parts].join('::');
  return { test: id, argument: id };
}

function textDoctestId(names: CaseNames, cwd: string): TestId | null {
  const folder = doctestFileIn(names);
  if (folder === null) return null;
  const parts = folder === '' ? [] : folder.split('.');
  if (parts.length > maxParts) return null;
  for (const root of parents(cwd)) {
    const found = walkTo(root, parts, names.name);
    if (found === null) continue;
    const id = `${relative(cwd, found)}::${names.name}`;
    return { test: id, argument: id };
  }
  return null;
}

/** The file of that name in the directory whose path has these parts, some of which may be parts of one name with dots. */
function walkTo(directory: string, parts: readonly string[], name: string): string | null {
  if (parts.length === 0) return kindOf(join(directory, name)) === 'file' ? join(directory, name) : null;
  for (let taken = 1; taken <= parts.length; taken += 1) {
    const path = join(directory, parts.slice(0, taken).join('.'));
    const found = kindOf(path) === 'directory' ? walkTo(path, parts.slice(taken), name) : null;
    if (found !== null) return found;
  }
  return null;
}

interface Module {
  path: string;
  classes: string[];
}

function declaredModule(file: string, dotted: string, cwd: string): Module | null {
  const path = near(file, cwd);
  if (path === null) return null;
  const prefix = file.replace(/\.py$/, '').replaceAll('/', '.');
  const rest = dotted.startsWith(`${prefix}.`) ? dotted.slice(prefix.length + 1) : '';
  return { path, classes: rest === '' ? [] : rest.split('.') };
}

/** Which of the dots are slashes is only to be seen on the disk: a directory's name may have dots of its own. */
function findModule(dotted: string, cwd: string, name: string): Module | null {
  const parts = dotted.split('.');
  if (dotted === '' || parts.length > maxParts) return null;
  for (const root of parents(cwd)) {
    const found = walk(root, parts);
    if (found === null) continue;
    const path = relative(root, found.file);
    const doctest = found.classes.length === 0 && isModuleDoctest(path, name);
    if (!doctest && !testPath.test(path)) continue;
    return { path: relative(cwd, found.file), classes: found.classes };
  }
  return null;
}

function walk(directory: string, parts: readonly string[]): { file: string; classes: string[] } | null {
  for (let taken = 1; taken <= parts.length; taken += 1) {
    const path = join(directory, parts.slice(0, taken).join('.'));
    if (kindOf(`${path}.py`) === 'file') return { file: `${path}.py`, classes: parts.slice(taken) };
    if (taken === parts.length || kindOf(path) !== 'directory') continue;
    const deeper = walk(path, parts.slice(taken));
    if (deeper) return deeper;
  }
  return null;
}

function fileId({ classname, name, file }: CaseNames, cwd: string): TestId | null {
  const path = (file === '' ? null : near(file, cwd)) ?? (classname === '' ? null : near(classname, cwd));
  if (path === null) return null;
  return { test: name === classname ? path : `${path} > ${name}`, argument: path };
}

function plainId({ classname, name }: CaseNames): TestId {
  const test = classname === '' || classname === name ? name : `${classname}.${name}`;
  const argument = classname === noTest ? null : name;
  return { test: test === '' ? '(a test without a name)' : test, argument };
}

function near(file: string, cwd: string): string | null {
  for (const root of isAbsolute(file) ? [''] : parents(cwd)) {
    const path = resolve(root, file);
    if (kindOf(path) === 'file') return relative(cwd, path);
  }
  return null;
}

function parents(cwd: string): string[] {
  const found = [cwd];
  for (let at = cwd; found.length <= maxParents && dirname(at) !== at; at = dirname(at))
    found.push(dirname(at));
  return found;
}

function kindOf(path: string): 'file' | 'directory' | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() === true) return 'file';
    return stat?.isDirectory() === true ? 'directory' : null;
  } catch {
    return null; // a name that is too long, or has a NUL
  }
}
