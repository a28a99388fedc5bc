import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parsePolicy, type Policy } from '@actp/policy/policy';
import { ConfigError, messageOf } from '@actp/shared/errors';

const root = resolve(import.meta.dirname, '../../../..');

/**
 * Reads the policy at start.
 *
 * @param file relative to the repository root, or absolute
 * @throws ConfigError naming POLICY_FILE and every line that is wrong
 */
export async function loadPolicy(file: string): Promise<{ policy: Policy; version: string }> {
  const wrong = (rule: string) => new ConfigError([{ key: 'POLICY_FILE', rule }]);
  let text: string;
  try {
    text = await readFile(resolve(root, file), 'utf8');
  } catch (error) {
    throw wrong(`cannot be read: ${messageOf(error)}`);
  }
  const parsed = parsePolicy(text);
  if (parsed.ok) return { policy: parsed.policy, version: parsed.version };
  const lines = parsed.problems.map(({ line, path, message }) => `${file}:${line} ${path} ${message}`.trim());
  throw wrong(`is not a valid policy\n    ${lines.join('\n    ')}`);
}
