import type { Observation, Severity } from '../findings/finding.ts';
import { isOfTests } from './paths.ts';
import type { FoundSecret } from './scan-text.ts';

/**
 * A secret in a file, without the secret. The line is no part of what it is: it changes with every edit.
 *
 * @param place where it stands when it is not the working tree: `commit 0123456789ab`
 */
export function secretIn(path: string, { kind, line, mark }: FoundSecret, place?: string): Observation {
  const severity: Severity = isOfTests(path)
    ? 'low'
    : kind === 'private-key' || place === undefined
      ? 'high'
      : 'medium';
  const where = place === undefined ? `${path}:${line}` : `${path} in ${place}`;
  return {
    kind: 'secret',
    severity,
    path: place === undefined ? `${path}:${line}` : path,
    title: `${kind} in ${where}`,
    detail:
      place === undefined
        ? 'Take it out of the file and replace the secret itself: whoever has a copy of the file has it.'
        : inHistory,
    about: [path, kind, mark],
  };
}

const inHistory =
  'It stands in the history. Replace the secret itself: whoever has a copy of the repository has it.';

/** A secret in the message of a commit or tag. */
export const secretInMessage = (place: string, object: string, { kind, mark }: FoundSecret): Observation => ({
  kind: 'secret',
  severity: kind === 'private-key' ? 'high' : 'medium',
  title: `${kind} in the message of ${place}`,
  detail: inHistory,
  about: ['message', object, kind, mark],
});
