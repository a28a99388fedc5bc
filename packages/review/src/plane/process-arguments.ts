import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { processTree } from '@actp/embedded/listening-sockets';
import type { Observation } from '../findings/finding.ts';
import { couldNotLook, lookedExcept } from '../findings/source-review.ts';
import type { PlaneState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { shownPath } from '../secrets/byte-path.ts';
import { createSecretScanner, type SecretScanner } from '../secrets/scan-text.ts';

const source = 'process-arguments';

/** Secrets in the arguments of our processes, where every account of the machine can read them. */
export const processArguments: Source<PlaneState> = {
  name: source,
  applies: () => true,
  review({ rootPid, proc = '/proc' }) {
    const pids = treeOf(rootPid, proc);
    if (pids === undefined) return couldNotLook(source, 'the system does not say which processes there are');
    const scanner = createSecretScanner();
    const observations: Observation[] = [];
    let unread = 0;
    for (const pid of pids) {
      const words = argumentsOf(pid, proc);
      if (words === undefined) unread += 1;
      else if (words.length > 0) observations.push(...secretsIn(words, scanner));
      else if (pid === rootPid) return couldNotLook(source, 'the process of the plane is not there');
    }
    const reasons = unread === 0 ? [] : [`the arguments of ${unread} processes cannot be read`];
    return lookedExcept(source, observations, reasons);
  },
};

function secretsIn(words: readonly string[], scanner: SecretScanner): Observation[] {
  // One line for each: a name and its value may be two of them.
  scanner.push(words.join('\n'));
  scanner.push('\n\n');
  scanner.push(words.join(' '));
  const program = shownPath(basename(words[0] ?? 'a program'));
  return scanner.end().map(({ kind, mark }) => ({
    kind: 'argument',
    severity: 'high',
    title: `The arguments of ${program.slice(0, longestName)} hold a secret (${kind})`,
    detail: 'Every account of this machine can read them. Hand it over in the environment or in a file.',
    about: [program, kind, mark],
  }));
}

const longestName = 100;

function treeOf(root: number, proc: string): number[] | undefined {
  try {
    return processTree(root, proc);
  } catch {
    return undefined;
  }
}

/** Nothing for one that is gone; undefined for one that this account may not look at. */
function argumentsOf(pid: number, proc: string): string[] | undefined {
  try {
    const words = readFileSync(`${proc}/${pid}/cmdline`, 'latin1').split('\0');
    return words.length === 1 && words[0] === '' ? [] : words;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ENOENT' || code === 'ESRCH' ? [] : undefined;
  }
}
