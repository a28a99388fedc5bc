import type { Observation, Severity } from '../findings/finding.ts';
import type { BytePath } from './byte-path.ts';
import { isOfTests } from './paths.ts';
import { safeName, secretsInName } from './scan-names.ts';
import type { FoundSecret } from './scan-text.ts';

/**
 * A secret in a file, without the secret. The line is no part of what it is: it changes with every edit.
 *
 * @param place where it stands when it is not the working tree: `commit 0123456789ab`
 */
export function secretIn(bytes: BytePath, { kind, line, mark }: FoundSecret, place?: string): Observation {
  const path = safeName(bytes);
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

/**
 * Secrets in the name of a file or of a folder above it, without them.
 *
 * @param place where the file is when it is not the working tree
 */
export const secretsInFileName = (path: BytePath, place?: string): Observation[] =>
  secretsInName(path).map(({ name, kind, mark }) => ({
    kind: 'secret',
    severity: isOfTests(name) ? 'low' : place === undefined ? 'high' : 'medium',
    path: name,
    title: `${kind} in the name of ${name}${place === undefined ? '' : ` in ${place}`}`,
    detail:
      place === undefined
        ? 'Rename it and replace the secret itself: whoever has seen the name has it.'
        : inHistory,
    about: ['name', name, kind, mark],
  }));

/** Secrets in the name of a branch, a tag or another ref, without them. */
export const secretsInRefName = (ref: BytePath): Observation[] =>
  secretsInName(ref).map(({ name, kind, mark }) => ({
    kind: 'secret',
    severity: 'medium',
    title: `${kind} in the name of the ref ${name}`,
    detail: 'Delete the ref, also where it was pushed to, and replace the secret itself.',
    about: ['ref', name, kind, mark],
  }));

/** A secret in the message of a commit or tag, or in what stands above it: author, committer, the name of the tag. */
export const secretInMessage = (
  place: string,
  object: string,
  { kind, mark, inHeader }: FoundSecret,
): Observation => ({
  kind: 'secret',
  severity: kind === 'private-key' ? 'high' : 'medium',
  title: `${kind} in the ${inHeader === true ? 'author or another header' : 'message'} of ${place}`,
  detail: inHistory,
  about: ['message', object, kind, mark],
});
