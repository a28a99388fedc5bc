import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const claim = (id: string, secondsAgo = 0) =>
  // By the clock that judges it, so that no time passes between.
  call<string>(
    'claim_signed_request($1, floor(extract(epoch from clock_timestamp()))::bigint - $2)',
    id,
    secondsAgo,
  );
const forget = (id: string, minutes: number) =>
  sql.query(
    'update actp_signed_requests set forget_at = now() - make_interval(mins => $2) where webhook_id = $1',
    [id, minutes],
  );
const kept = async () => {
  const { rows } = await sql.query<{ id: string }>('select webhook_id as id from actp_signed_requests');
  return rows.map(({ id }) => id);
};

it.each([
  [-310, 'stale'],
  [-290, 'ok'],
  [0, 'ok'],
  [290, 'ok'],
  [310, 'stale'],
])('a request that was signed %d seconds ago: %s', async (secondsAgo, answer) => {
  const id = randomUUID();
  expect(await claim(id, secondsAgo)).toBe(answer);
  expect((await kept()).includes(id)).toBe(answer === 'ok');
});

it('a request counts once, as long as its time could be taken for now', async () => {
  const [id, other] = [randomUUID(), randomUUID()];
  expect([await claim(id), await claim(id), await claim(other)]).toEqual(['ok', 'replayed', 'ok']);
  const { rows } = await sql.query(
    'select round(extract(epoch from forget_at - clock_timestamp()) / 60)::int as minutes from actp_signed_requests where webhook_id = $1',
    [id],
  );
  expect(rows).toEqual([{ minutes: 10 }]);
});

it('requests are forgotten after that, ten at a time, the oldest first', async () => {
  await sql.query('delete from actp_signed_requests');
  const fresh = randomUUID();
  await claim(fresh);
  const old = Array.from({ length: 12 }, () => randomUUID());
  await sql.query(
    `insert into actp_signed_requests (webhook_id, forget_at) select id, now() from unnest($1::text[]) id`,
    [old],
  );
  for (const [n, id] of old.entries()) await forget(id, n + 1);
  const next = randomUUID();
  await claim(next);
  expect((await kept()).toSorted()).toEqual([fresh, next, ...old.slice(0, 2)].toSorted());
  await claim(next);
  expect((await kept()).toSorted()).toEqual([fresh, next].toSorted());
});

it('nobody waits for another who forgets the same requests', async () => {
  await sql.query('delete from actp_signed_requests');
  await sql.query(
    `insert into actp_signed_requests (webhook_id, forget_at) select n, now() - interval '1 h' from generate_series(1, 3) n`,
  );
  const [other, own] = [await sql.connect(), await sql.connect()];
  const claimed = `select claim_signed_request($1, extract(epoch from clock_timestamp())::bigint) as answer`;
  try {
    await other.query('begin');
    await other.query(claimed, [randomUUID()]);
    await own.query(`set lock_timeout = '2s'`);
    expect((await own.query(claimed, [randomUUID()])).rows).toEqual([{ answer: 'ok' }]);
  } finally {
    await other.query('rollback');
    await own.query('reset lock_timeout');
    for (const client of [other, own]) client.release();
  }
});
