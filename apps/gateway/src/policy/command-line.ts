import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '@actp/policy/load-policy';
import { parseConfig } from '@actp/shared/config';
import { parseEnvFile } from '@actp/shared/env-file/parse';
import { settings } from '@actp/shared/settings';

const sources = ['user', 'tool', 'web'] as const;
const commands = ['check', 'explain', 'diff', 'schema'] as const;

export interface CommandLine {
  command: (typeof commands)[number];
  words: string[];
  /** The policy that runs, or `--file`. */
  file: string;
  agent: string;
  cost: number | undefined;
  /** What led to the request, and whose words it is. */
  text: string | undefined;
  source: (typeof sources)[number] | undefined;
  last: number;
  from: string | undefined;
  maxSpendPerTask: number;
  /** Environment and `.env`; the first wins. */
  env: Record<string, string | undefined>;
}

const needs: Record<CommandLine['command'], [min: number, max: number]> = {
  check: [0, 1],
  explain: [1, 2],
  diff: [1, 1],
  schema: [0, 0],
};

/** @throws Error that says which word cannot be used */
export function commandLine(
  args: readonly string[],
  outside: Record<string, string | undefined>,
): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      file: { type: 'string' },
      agent: { type: 'string', default: 'worker' },
      cost: { type: 'string' },
      text: { type: 'string' },
      source: { type: 'string' },
      last: { type: 'string', default: '1000' },
      from: { type: 'string' },
    },
  });
  const [name, ...words] = positionals;
  const command = commands.find((known) => known === name);
  if (command === undefined) throw new Error('The command is one of: check, explain, diff, schema.');
  const [min, max] = needs[command];
  if (words.length < min || words.length > max) throw new Error(`This is not how ${command} is used.`);
  const env = environment(outside);
  const config = parseConfig(
    { POLICY_FILE: settings.POLICY_FILE, MAX_SPEND_PER_TASK: settings.MAX_SPEND_PER_TASK },
    env,
  );
  return {
    command,
    words,
    file: values.file === undefined ? config.POLICY_FILE : resolve(values.file),
    agent: values.agent,
    cost: values.cost === undefined ? undefined : numberOf('--cost', values.cost),
    text: values.text,
    source: sourceOf(values.source),
    last: numberOf('--last', values.last),
    from: values.from,
    maxSpendPerTask: config.MAX_SPEND_PER_TASK,
    env,
  };
}

function environment(outside: Record<string, string | undefined>): Record<string, string | undefined> {
  const file = join(repositoryRoot, '.env');
  const set = Object.entries(outside).filter(([, value]) => value !== undefined && value !== '');
  return {
    ...(existsSync(file) ? parseEnvFile(readFileSync(file), file).values : {}),
    ...Object.fromEntries(set),
  };
}

function sourceOf(word: string | undefined): CommandLine['source'] {
  const source = sources.find((known) => known === word);
  if (word !== undefined && source === undefined) throw new Error('--source is one of: user, tool, web.');
  return source;
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0))
    throw new Error(`${option} must be a number that is not negative.`);
  return value;
}
