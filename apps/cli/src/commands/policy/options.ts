import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { readPolicy, type LoadedPolicy } from '@actp/policy/load-policy';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';

const sources = ['user', 'tool', 'web'] as const;
export type TextSource = (typeof sources)[number];

/** Options that several commands take; the file counts from where the command is called. */
export const fileOption = () =>
  new Option('--file <file>', 'the policy in force (POLICY_FILE, config/policy.yaml)').argParser((file) =>
    resolve(file),
  );

export const sourceOption = () => new Option('--source <source>', 'whose words the text is').choices(sources);

/** @throws InvalidArgumentError */
export function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('It must be a number from 0 on.');
  return value;
}

export interface PolicySettings {
  /** The policy in force, or `--file`. */
  file: string;
  /** What people call it: the option that was given, or the setting. */
  name: string;
  /** USD. */
  maxSpendPerTask: number;
}

export async function policySettings(cli: Cli, file: string | undefined): Promise<PolicySettings> {
  const { POLICY_FILE, MAX_SPEND_PER_TASK } = settings;
  const config = await cli.plane.settings({ POLICY_FILE, MAX_SPEND_PER_TASK });
  return {
    file: file ?? config.POLICY_FILE,
    name: file === undefined ? `POLICY_FILE (${config.POLICY_FILE})` : `--file ${file}`,
    maxSpendPerTask: config.MAX_SPEND_PER_TASK,
  };
}

/** The policy of a file. @throws CliError naming the file as the caller does, and every line that is wrong */
export async function policyOf(file: string, name: string): Promise<LoadedPolicy> {
  const read = await readPolicy(file);
  if (read.ok) return read.loaded;
  throw new CliError(`${name}: ${read.problem}`, { cause: read.cause });
}
