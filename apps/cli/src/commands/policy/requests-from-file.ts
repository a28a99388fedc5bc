import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileProblem } from '@actp/shared/file-problem';
import { CliError } from '../../cli-error.ts';
import { pastRequest, type PastRequests } from './past-request.ts';

/** Reads JSON Lines: audit events as `GET /v1/audit/export` gives them, or bodies of guard requests. */
export async function requestsFromFile(file: string): Promise<PastRequests> {
  const lines = (await textOf(file)).split('\n');
  const past: PastRequests = { requests: [], unknown: 0, source: `of ${file}` };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const read = pastRequest(parse(line, file, index + 1));
    if (read === 'other') continue;
    if (read === 'unknown') past.unknown += 1;
    else past.requests.push(read);
  }
  if (past.requests.length === 0 && past.unknown === 0) {
    throw new CliError(`--from ${file}: there is no guard request in it.`);
  }
  return past;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(resolve(file), 'utf8');
  } catch (error) {
    throw new CliError(`--from ${file}: ${fileProblem(error)}`, { cause: error });
  }
}

function parse(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new CliError(
      `--from ${file}: line ${number} is not valid JSON. It takes JSON Lines: one request or audit event on each line.`,
      { cause: error },
    );
  }
}
