import type { SuiteConfig } from '../config/selftest-config.ts';
import { replaceRunDir, type SuiteRun, type TestFailure } from './run-suite.ts';

// As many arguments as any command line takes; macOS has 1 MiB for all of them and the environment.
const maxArguments = 200;
const maxArgumentBytes = 400_000;

export type RerunCommand =
  | { argv: readonly string[] }
  /** Only the whole suite brings all of them back: `unfit` are tests whose names can be no arguments. */
  | { argv: null; unfit: readonly string[]; tooMany: boolean };

/** The command that runs only failing tests. */
export function rerunCommand(
  { rerun, name: suiteName }: SuiteConfig,
  run: SuiteRun,
  failing: readonly TestFailure[],
): RerunCommand {
  const names = [...new Set(failing.map(({ argument }) => argument))].filter((name) => name !== null);
  const nameless = failing.filter(({ argument }) => argument === null);
  const bytes = names.reduce((sum, name) => sum + Buffer.byteLength(name), 0);
  const tooMany = names.length > maxArguments || bytes > maxArgumentBytes;
  if (rerun === undefined || names.length === 0 || nameless.length > 0 || tooMany) {
    // What is wrong beside the tests has the suite's name, and was never one of them.
    const unfit = nameless.map(({ test }) => test).filter((test) => test !== suiteName);
    return { argv: null, unfit, tooMany };
  }
  // A test's name is never a place for a directory of ours.
  return { argv: rerun.flatMap((part) => (part === '{tests}' ? names : [replaceRunDir(part, run)])) };
}
