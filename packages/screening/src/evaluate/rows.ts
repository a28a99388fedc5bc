import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from '../finding.ts';

export interface Row {
  id: string;
  text: string;
  label: 'injection' | 'benign' | 'benign-hard';
  /** As in the file; `-` where it says nothing. */
  channel: string;
  variant: string;
  /** Whose words it is judged as. */
  source: Source;
}

/** The file that a data folder has. */
export const fileName = 'injection.jsonl';

/**
 * @param folder that holds `injection.jsonl`
 * @returns its rows, or undefined when there is no such file
 * @throws SyntaxError when a line is not JSON, TypeError when it is no row
 */
export async function readRows(folder: string): Promise<Row[] | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, fileName), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, at) => rowOf(JSON.parse(line), at + 1));
}

function rowOf(value: unknown, line: number): Row {
  const { id, text, label, channel, variant } = Object(value) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof text !== 'string') throw new TypeError(`line ${line} is no row`);
  if (label !== 'injection' && label !== 'benign' && label !== 'benign-hard') {
    throw new TypeError(`line ${line} has no label`);
  }
  const from = typeof channel === 'string' ? channel : '-';
  return {
    id,
    text,
    label,
    channel: from,
    variant: typeof variant === 'string' ? variant : '-',
    source: from === 'indirect' || from === 'tool-output' ? 'tool' : 'user',
  };
}
