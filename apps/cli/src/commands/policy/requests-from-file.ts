import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pastRequest, type PastRequests } from './past-request.ts';

/** Reads JSON Lines: audit events as `GET /v1/audit/export` gives them, or bodies of guard requests. */
export async function requestsFromFile(file: string): Promise<PastRequests> {
  const lines = (await readFile(resolve(file), 'utf8')).split('\n');
  const past: PastRequests = { requests: [], unknown: 0, source: `of ${file}` };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const read = pastRequest(parse(line, index + 1));
    if (read === 'other') continue;
    if (read === 'unknown') past.unknown += 1;
    else past.requests.push(read);
  }
  return past;
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`Line ${number} is not valid JSON.`, { cause: error });
  }
}
