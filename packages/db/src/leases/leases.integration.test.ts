import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';

const { sql } = await openDatabase();
const ask = async (text: string, ...values: unknown[]): Promise<boolean> => {
  const { rows } = await sql.query<{ answer: boolean }>(`select ${text} as answer`, values);
  return rows[0]?.answer === true;
};
const acquire = (name: string, holder: string, seconds = 600) =>
  ask('acquire_lease($1, $2, $3)', name, holder, seconds);
const release = (name: string, holder: string) => ask('release_lease($1, $2)', name, holder);
const expire = (name: string) =>
  sql.query(`update actp_leases set expires_at = now() - interval '1 second' where name = $1`, [name]);
const minutesOf = async (name: string) => {
  const { rows } = await sql.query<{ minutes: number }>(
    'select round(extract(epoch from expires_at - clock_timestamp()) / 60)::int as minutes from actp_leases where name = $1',
    [name],
  );
  return rows[0]?.minutes;
};

it('a lease is of one holder, who may make it longer, until it is over', async () => {
  expect(await acquire('a', 'one')).toBe(true);
  expect(await acquire('a', 'two')).toBe(false);
  expect(await minutesOf('a')).toBe(10);
  expect(await acquire('a', 'one', 1_200)).toBe(true);
  expect(await minutesOf('a')).toBe(20);
  await expire('a');
  expect(await acquire('a', 'two')).toBe(true);
  expect(await acquire('a', 'one')).toBe(false);
});

it('a lease is of one name', async () => {
  expect([await acquire('b', 'one'), await acquire('c', 'two')]).toEqual([true, true]);
  expect([await release('b', 'two'), await release('c', 'one')]).toEqual([false, false]);
  expect([await acquire('b', 'two'), await acquire('c', 'one')]).toEqual([false, false]);
});

it('a lease that its holder gives back is free, once, and no other one is', async () => {
  await acquire('d', 'one');
  await acquire('e', 'one');
  expect([await release('d', 'one'), await release('d', 'one')]).toEqual([true, false]);
  expect([await acquire('d', 'two'), await acquire('e', 'two')]).toEqual([true, false]);
});
