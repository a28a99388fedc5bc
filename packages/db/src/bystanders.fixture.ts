import { expect } from 'vitest';
import type pg from 'pg';

/**
 * Does something about one thing and expects the rows of all others to stay as they are: a function that forgets to say which row it means
 * changes every one.
 *
 * @param tables a pattern of names, as for `like`
 * @param subjects what stands in the rows that may change: ids
 */
export async function expectOthersUntouched(
  sql: pg.Pool,
  { tables, subjects }: { tables: string; subjects: readonly string[] },
  work: () => Promise<unknown>,
): Promise<void> {
  const before = await rowsOfOthers(sql, tables, subjects);
  await work();
  expect(before.length).toBeGreaterThan(0);
  const after = new Set(await rowsOfOthers(sql, tables, subjects));
  expect(before.filter((row) => !after.has(row))).toEqual([]);
}

async function rowsOfOthers(sql: pg.Pool, tables: string, subjects: readonly string[]): Promise<string[]> {
  const { rows: names } = await sql.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename like $1 order by 1`,
    [tables],
  );
  const found: string[] = [];
  for (const { name } of names) {
    const { rows } = await sql.query<{ row: string }>(
      `select to_jsonb(t)::text as row from public.${name} t`,
    );
    found.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return found.filter((row) => !subjects.some((subject) => row.includes(subject)));
}
