import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TextDecoder } from 'node:util';
import { isSecretSetting } from '../secret-values.ts';
import { settingGroups } from '../settings-reference.ts';

type Outside = Readonly<Record<string, string | undefined>>;

interface SecretFileProblem {
  key: string;
  rule: string;
}

export interface SecretFiles {
  /** As it was given, with the contents of the files in place of their names. */
  environment: Record<string, string | undefined>;
  problems: readonly SecretFileProblem[];
}

// No secret is longer than 4096 characters; an address with one may be.
const maxBytes = 16_384;

/** Every setting whose value can be given as a file: `NAME_FILE` holds its path. The last two are made by the start, or by docker-compose.yml. */
export const secretSettings: readonly string[] = [
  ...settingGroups.flatMap(({ settings }) => Object.keys(settings)).filter(isSecretSetting),
  'DATABASE_APP_KEY',
  'ACTP_AUTHENTICATOR_PASSWORD',
];

/** The names of `secretSettings` with `_FILE` behind them. */
export const secretFileSettings: readonly string[] = secretSettings.map((name) => `${name}_FILE`);

const isUnset = (value: string | undefined) => value === undefined || value.trim() === '';

/**
 * Reads the secrets that are given as files, as Docker and Kubernetes hand them over: the content of the file that `NAME_FILE` names, without its
 * last line end, becomes the value of `NAME`. So does a file `NAME` in the folder ACTP_SECRETS_DIR, unless the secret is given otherwise.
 *
 * @param outside environment, or what `.env` holds; an empty value counts as unset
 * @returns with `problems`, which name the key and never hold a value
 */
export function readSecretFiles(outside: Outside): SecretFiles {
  const environment = { ...outside };
  const problems: SecretFileProblem[] = [];
  const folder = outside['ACTP_SECRETS_DIR']?.trim() ?? '';
  for (const name of secretSettings) {
    const key = `${name}_FILE`;
    const path = outside[key]?.trim();
    delete environment[key];
    if (path === undefined || path === '') {
      const found = folder === '' || !isUnset(outside[name]) ? undefined : readIfThere(join(folder, name));
      if (typeof found === 'string') environment[name] = found;
      else if (found !== undefined) problems.push({ key: `${name} in ACTP_SECRETS_DIR`, ...found });
      continue;
    }
    if (!isUnset(outside[name])) {
      problems.push({ key, rule: `cannot be set together with ${name}; remove one of them` });
      continue;
    }
    const read = readSecretFile(path);
    if (typeof read === 'string') environment[name] = read;
    else problems.push({ key, ...read });
  }
  return { environment, problems };
}

const readIfThere = (path: string) => (existsSync(path) ? readSecretFile(path) : undefined);

function readSecretFile(path: string): string | { rule: string } {
  const bytes = bytesOf(path);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const text = decode(bytes)?.replace(/\r?\n$/, '');
  if (text === undefined || /\p{Cc}/u.test(text)) {
    return { rule: 'must name a file with one line of text in UTF-8' };
  }
  return text.trim() === '' ? { rule: 'names an empty file' } : text;
}

// Opened without waiting, so that a pipe that nobody writes to does not stop the start.
function bytesOf(path: string): Uint8Array | { rule: string } {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(file);
    if (!found.isFile()) return { rule: 'must name a regular file' };
    if (found.size > maxBytes) return { rule: `names a file of more than ${maxBytes} bytes` };
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { rule: `names a file that cannot be read (${code})` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
