import { ConfigError } from '../errors.ts';
import { readSecretFiles, secretSettings } from './secret-files.ts';

/** Environment names with their values; an empty value counts as unset and is left out. */
export type Environment = Record<string, string>;

/** What can be used of both, and what is wrong with files that hold secrets. */
export interface UsableEnvironment {
  environment: Environment;
  problems: ReadonlyArray<{ key: string; rule: string }>;
}

/**
 * Merges what `.env` holds and the environment; the environment wins. Secrets that are given as files (`NAME_FILE`) are read.
 *
 * @throws ConfigError naming every such setting whose file cannot be used
 */
export function mergeEnvironment(
  envFile: Record<string, string>,
  environment: Record<string, string | undefined>,
): Environment {
  const merged = mergeUsableEnvironment(envFile, environment);
  if (merged.problems.length > 0) throw new ConfigError(merged.problems);
  return merged.environment;
}

/** The same without the settings whose files cannot be used. */
export function mergeUsableEnvironment(
  envFile: Record<string, string>,
  environment: Record<string, string | undefined>,
): UsableEnvironment {
  const outside = withoutEmpty(environment);
  const blank = [...blankSecrets(envFile), ...blankSecrets(environment)];
  const inside = Object.fromEntries(
    Object.entries(withoutEmpty(envFile)).filter(([name]) => !isGivenIn(outside, name)),
  );
  const read = [readSecretFiles(inside), readSecretFiles(outside)];
  return {
    environment: withoutEmpty({ ...read[0]?.environment, ...read[1]?.environment }),
    problems: [...blank, ...read.flatMap(({ problems }) => problems)],
  };
}

// In either form: a secret of the environment wins over a file that `.env` names, and the other way round.
function isGivenIn(outside: Environment, name: string): boolean {
  const secret = secretSettings.find((one) => name === one || name === `${one}_FILE`);
  return secret !== undefined && (secret in outside || `${secret}_FILE` in outside);
}

/** What is blank is unset, which for a secret is hardly what was meant: a backup, for one, would not be encrypted. */
function blankSecrets(values: Record<string, string | undefined>): Array<{ key: string; rule: string }> {
  return secretSettings
    .filter((name) => {
      const value = values[name] ?? '';
      return value !== '' && value.trim() === '' && (values[`${name}_FILE`] ?? '').trim() === '';
    })
    .map((key) => ({ key, rule: 'must not consist of blanks alone; leave it empty, or out, for none' }));
}

function withoutEmpty(values: Record<string, string | undefined>): Environment {
  const entries = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
  );
  return Object.fromEntries(entries);
}
