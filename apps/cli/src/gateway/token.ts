import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from '../cli-error.ts';

/** The token that the environment or a file holds; undefined when neither is given. @throws CliError */
export async function givenToken(
  environment: Record<string, string | undefined>,
  file: string | undefined,
): Promise<string | undefined> {
  if (file !== undefined) return usable(await textOf(file), file);
  const token = environment['ACTP_TOKEN']?.trim() ?? '';
  return token === '' ? undefined : usable(token, 'ACTP_TOKEN');
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readFile(resolve(file), 'utf8')).trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const why = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    throw new CliError(`--token-file ${file}: ${why}`, { cause: error });
  }
}

// What cannot stand in a header would fail later, in words that say nothing.
function usable(token: string, source: string): string {
  if (token === '') throw new CliError(`${source} is empty.`);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CliError(`${source} does not hold a token: it must be one line of printable ASCII.`);
}
