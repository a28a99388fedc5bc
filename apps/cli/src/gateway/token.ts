import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileProblem } from '@actp/shared/file-problem';
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
    throw new CliError(`--token-file ${file}: ${fileProblem(error)}`, { cause: error });
  }
}

// What cannot stand in a header would fail later, in words that say nothing.
function usable(token: string, source: string): string {
  if (token === '') throw new CliError(`${source} is empty.`);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CliError(`${source} does not hold a token: it must be one line of printable ASCII.`);
}
