import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '@actp/shared/errors';
import { readyGates, type Gates } from './gates.ts';
import { parsePolicy, type Policy } from './policy.ts';

const root = resolve(import.meta.dirname, '../../..');

/** A policy, ready to decide, and the version that approvals are bound to. */
export interface LoadedPolicy {
  policy: Policy;
  gates: Gates;
  version: string;
}

/**
 * Reads the policy at start.
 *
 * @param file POLICY_FILE: relative to the repository root, or absolute
 * @throws ConfigError naming POLICY_FILE and every line that is wrong; not where it points, nor what the lines hold
 */
export async function loadPolicy(file: string): Promise<LoadedPolicy> {
  const parsed = parsePolicy(await readPolicy(resolve(root, file)));
  if (parsed.ok) {
    return { policy: parsed.policy, gates: readyGates(parsed.policy.gates), version: parsed.version };
  }
  const lines = parsed.problems.map(({ line, path, message }) =>
    [`line ${line}`, path, message].filter((part) => part !== '').join(': '),
  );
  throw unusable(`is not a valid policy\n    ${lines.join('\n    ')}`);
}

async function readPolicy(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const rule = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    throw unusable(rule, error);
  }
}

const unusable = (rule: string, cause?: unknown) =>
  new ConfigError([{ key: 'POLICY_FILE', rule }], { cause });
