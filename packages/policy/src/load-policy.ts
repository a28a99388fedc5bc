import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '@actp/shared/errors';
import { fileProblem } from '@actp/shared/file-problem';
import { readyGates, type Gates } from './gates.ts';
import { parsePolicy, type Policy, type PolicyProblem } from './policy.ts';

/** Relative names of policy files count from here. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** A policy, ready to decide, and the version that approvals are bound to. */
export interface LoadedPolicy {
  policy: Policy;
  gates: Gates;
  version: string;
}

/** What a file held. `print` tells one content from another. */
export type ReadPolicy =
  | { ok: true; print: string; loaded: LoadedPolicy }
  | { ok: false; print: string; problem: string; problems: PolicyProblem[]; cause?: unknown };

/**
 * Reads the policy at start.
 *
 * @param file POLICY_FILE: relative to the repository root, or absolute
 * @throws ConfigError naming POLICY_FILE and every line that is wrong; not where it points, nor what the lines hold
 */
export async function loadPolicy(file: string): Promise<LoadedPolicy> {
  const read = await readPolicy(file);
  if (read.ok) return read.loaded;
  throw new ConfigError([{ key: 'POLICY_FILE', rule: read.problem }], { cause: read.cause });
}

/** The same for those who can go on without: never throws. */
export async function readPolicy(file: string): Promise<ReadPolicy> {
  let text: string;
  try {
    text = await readFile(resolve(repositoryRoot, file), 'utf8');
  } catch (error) {
    const problem = fileProblem(error);
    return { ok: false, print: problem, problem, problems: [], cause: error };
  }
  const parsed = parsePolicy(text);
  const { version } = parsed;
  if (parsed.ok) {
    const { policy } = parsed;
    return { ok: true, print: version, loaded: { policy, gates: readyGates(policy.gates), version } };
  }
  const lines = parsed.problems.map(problemLine);
  const problem = `is not a valid policy\n    ${lines.join('\n    ')}`;
  return { ok: false, print: version, problem, problems: parsed.problems };
}

/** A problem as people read it: `line 4: gates.0.approval: ...`. */
export function problemLine({ line, path, message }: PolicyProblem): string {
  return [`line ${line}`, path, message].filter((part) => part !== '').join(': ');
}
