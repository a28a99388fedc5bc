import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { processTree } from '@actp/embedded/listening-sockets';
import type { Observation } from '../findings/finding.ts';
import { couldNotLook, looked } from '../findings/source-review.ts';
import type { PlaneState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { createSecretScanner } from '../secrets/scan-text.ts';

const source = 'process-arguments';

/** Secrets in the arguments of our processes, where every account of the machine can read them. */
export const processArguments: Source<PlaneState> = {
  name: source,
  applies: () => true,
  review({ rootPid }) {
    const pids = treeOf(rootPid);
    if (pids === undefined) return couldNotLook(source, 'the system does not say which processes there are');
    const scanner = createSecretScanner();
    const observations = pids.flatMap((pid): Observation[] => {
      const words = argumentsOf(pid);
      // One line for each: a name and its value may be two of them.
      scanner.push(words.join('\n'));
      scanner.push('\n\n');
      scanner.push(words.join(' '));
      const program = basename(words[0] ?? 'a program');
      return scanner.end().map(({ kind, mark }) => ({
        kind: 'argument',
        severity: 'high',
        title: `The arguments of ${program} hold a secret (${kind})`,
        detail: 'Every account of this machine can read them. Hand it over in the environment or in a file.',
        about: [program, kind, mark],
      }));
    });
    return looked(source, observations);
  },
};

function treeOf(root: number): number[] | undefined {
  try {
    return processTree(root);
  } catch {
    return undefined;
  }
}

const longest = 1024 * 1024;

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').slice(0, longest).split('\0');
  } catch {
    // It is gone.
    return [];
  }
}
