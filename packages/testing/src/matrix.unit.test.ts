import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from './at-end.ts';
import { differences, readMatrix } from './matrix.ts';

const folder = mkdtempSync(join(tmpdir(), 'actp-matrix-'));
atEnd(() => rmSync(folder, { recursive: true }));

function read(...rows: string[]) {
  const file = join(folder, 'table.md');
  writeFileSync(
    file,
    ['# Who', '', 'Words.', '', '| what | ann | bob |', '|---|---|---|', ...rows, ''].join('\n'),
  );
  return readMatrix(file);
}

it('reads what is expected of each row for each column', () => {
  const { columns, rows } = read('| `GET /a` | 200 | 403 |', '| GET /b |  | 401 |');
  expect(columns).toEqual(['ann', 'bob']);
  expect([...rows].map(([name, cells]) => [name, ...cells.values()])).toEqual([
    ['GET /a', '200', '403'],
    ['GET /b', '', '401'],
  ]);
});

it.each([
  ['a cell too few', ['| a | 200 |'], 'a: 1 cells'],
  ['a cell too many', ['| a | 200 | 200 | 200 |'], 'a: 3 cells'],
  ['a row twice', ['| a | 200 | 403 |', '| `a` | 200 | 200 |'], 'a: there twice'],
  ['no row', [], 'no table'],
])('refuses a table with %s', (_what, rows, message) => {
  expect(() => read(...rows)).toThrow(message);
});

it('names each cell that differs, also one that only one side has', () => {
  const expected = new Map([
    ['ann', '200'],
    ['bob', '403'],
    ['cleo', '401'],
  ]);
  const seen = new Map([
    ['ann', '200'],
    ['bob', '200'],
    ['dan', '200'],
  ]);
  expect(differences('GET /a', expected, seen)).toEqual([
    'GET /a, bob: 200, the table says 403',
    'GET /a, cleo: undefined, the table says 401',
    'GET /a, dan: 200, the table says undefined',
  ]);
});
