import { readFileSync } from 'node:fs';

/** A table of Markdown: what is expected (a cell) of each thing (a row) for each who (a column). */
export interface Matrix {
  columns: readonly string[];
  /** By the first cell, in the order of the file. */
  rows: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Reads the one table of a file. What surrounds it is for people.
 *
 * @throws Error when a row has a cell too many or too few, or stands there twice
 */
export function readMatrix(file: string): Matrix {
  const [head, , ...body] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1).map(plain));
  const columns = head?.slice(1) ?? [];
  const rows = new Map<string, ReadonlyMap<string, string>>();
  for (const [name = '', ...cells] of body) {
    if (cells.length !== columns.length) throw new Error(`${name}: ${cells.length} cells`);
    if (rows.has(name)) throw new Error(`${name}: there twice`);
    rows.set(name, new Map(columns.map((column, i) => [column, cells[i] ?? ''])));
  }
  if (rows.size === 0) throw new Error(`no table in ${file}`);
  return { columns, rows };
}

/** The cells of a row that are not as expected, each in words; none when all are. */
export function differences(
  name: string,
  expected: ReadonlyMap<string, string>,
  seen: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...expected.keys(), ...seen.keys()])]
    .filter((column) => expected.get(column) !== seen.get(column))
    .map((column) => `${name}, ${column}: ${seen.get(column)}, the table says ${expected.get(column)}`);
}

const plain = (cell: string) => cell.replaceAll('`', '').trim();
