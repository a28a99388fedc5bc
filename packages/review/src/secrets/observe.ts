import type { Observation, Severity } from '../findings/finding.ts';
import { isOfTests } from './paths.ts';
import type { FoundSecret } from './scan-text.ts';

/** A secret in a file, without the secret. The line is no part of what it is: it changes with every edit. */
export function secretIn(path: string, { kind, line, mark }: FoundSecret, commit?: string): Observation {
  const severity: Severity = isOfTests(path)
    ? 'low'
    : kind === 'private-key' || commit === undefined
      ? 'high'
      : 'medium';
  const where = commit === undefined ? `${path}:${line}` : `${path} in commit ${commit.slice(0, 12)}`;
  return {
    kind: 'secret',
    severity,
    path: commit === undefined ? `${path}:${line}` : path,
    title: `${kind} in ${where}`,
    detail:
      commit === undefined
        ? 'Take it out of the file and replace the secret itself: whoever has a copy of the file has it.'
        : 'It stands in the history. Replace the secret itself: whoever has a copy of the repository has it.',
    about: [path, kind, mark],
  };
}
