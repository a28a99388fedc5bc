import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';
import { answerAfterWaiting } from '../waits.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

async function account() {
  const email = `${randomUUID()}@example.com`;
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash, role) values ($1, 'hash', 'operator') returning id`,
    [email],
  );
  const id = rows[0]?.id ?? '';
  const session = await call<string>(`open_session($1, 'hash', 'api', 12, '{}')`, id);
  const change = (by = session) =>
    call<string | null>(`change_password($1, 'hash', 'changed', 12, $2, $3)`, id, `operator:${email}`, {
      session_id: by,
    });
  return { id, email, session, change };
}
const passwordOf = async (id: string) =>
  (await sql.query('select password_hash as hash from actp_users where id = $1', [id])).rows[0]?.hash;
const find = async (email: string) =>
  (await sql.query('select password_hash as hash, role from find_user($1)', [email])).rows;

it.each([
  ['has ended', 'ended_at = now()'],
  ['is over', `expires_at = now() - interval '1 millisecond'`],
])('[SEC-011] a password is not changed by a session that %s', async (_what, text) => {
  const one = await account();
  await sql.query(`update actp_sessions set ${text} where id = $1`, [one.session]);
  const rows = await rowsLeftBy(sql, async () => expect(await one.change()).toBeNull());
  expect([rows, await passwordOf(one.id)]).toEqual([[], 'hash']);
});

it('[SEC-011] a password is not changed by the session of another account', async () => {
  const [one, other] = [await account(), await account()];
  expect(await one.change(other.session)).toBeNull();
  expect([await passwordOf(one.id), await passwordOf(other.id)]).toEqual(['hash', 'hash']);
});

it('[SEC-011] the password of an account that is disabled at the same moment is not changed', async () => {
  const one = await account();
  const lock = ['update actp_users set disabled_at = now() where id = $1', one.id] as const;
  const rows = await rowsLeftBy(sql, async () => {
    expect(await answerAfterWaiting(sql, { lock }, () => one.change())).toBeNull();
  });
  expect([rows, await passwordOf(one.id)]).toEqual([[], 'hash']);
});

it('[SEC-011] an account that is disabled is found without its password', async () => {
  const [one, other] = [await account(), await account()];
  await sql.query('update actp_users set disabled_at = now() where id = $1', [one.id]);
  expect(await find(one.email.toUpperCase())).toEqual([{ hash: null, role: 'operator' }]);
  expect(await find(other.email)).toEqual([{ hash: 'hash', role: 'operator' }]);
});
