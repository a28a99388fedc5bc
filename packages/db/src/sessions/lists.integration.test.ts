import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

interface Session {
  id: string;
  created_at: string;
}
async function account(role = 'operator'): Promise<{ id: string; email: string }> {
  const email = `${randomUUID()}@example.com`;
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, name, password_hash, role) values ($1, 'Ann', 'hash', $2) returning id`,
    [email, role],
  );
  return { id: rows[0]?.id ?? '', email };
}
const open = (id: string) =>
  call<string>(`open_session($1, 'hash', 'api', 12, $2)`, id, { ip: '127.0.0.1', user_agent: 'test' });
const over = (id: string) =>
  sql.query(`update actp_sessions set expires_at = now() - interval '1 second' where id = $1`, [id]);
const ended = (id: string) => sql.query('update actp_sessions set ended_at = now() where id = $1', [id]);
const again = (id: string) => sql.query('update actp_sessions set ended_at = null where id = $1', [id]);

it('[SEC-011] sessions are listed while they are worth something, newest first and in pages', async () => {
  expect(await call('list_sessions(null, null, 2)')).toEqual([]);
  const [one, two] = [await account(), await account('user')];
  const [a, b, c, gone, late] = [
    await open(one.id),
    await open(two.id),
    await open(one.id),
    await open(one.id),
    await open(one.id),
  ];
  await ended(gone);
  await over(late);
  const list = (before?: Session, limit = 2) =>
    call<Session[]>('list_sessions($1, $2, $3)', before?.created_at ?? null, before?.id ?? null, limit);
  const first = await list();
  expect(first).toMatchObject([
    {
      id: c,
      email: one.email,
      name: 'Ann',
      role: 'operator',
      kind: 'api',
      ip: '127.0.0.1',
      user_agent: 'test',
    },
    { id: b, email: two.email, role: 'user' },
  ]);
  expect((await list(first.at(-1))).map(({ id }) => id)).toEqual([a]);
  // At the same moment the id tells them apart.
  await sql.query(
    `update actp_sessions set created_at = (select max(created_at) from actp_sessions) where expires_at > now()`,
  );
  const same = [a, b, c].toSorted().toReversed();
  const all = await list(undefined, 9);
  expect(all.map(({ id }) => id)).toEqual(same);
  expect((await list(all[0], 9)).map(({ id }) => id)).toEqual(same.slice(1));
});

it('[SEC-011] a session keeps the first 512 characters of what its browser says of itself', async () => {
  const { id } = await account();
  const session = await call<string>(`open_session($1, 'hash', 'api', 12, $2)`, id, {
    user_agent: 'a'.repeat(512) + 'b',
  });
  const { rows } = await sql.query('select user_agent from actp_sessions where id = $1', [session]);
  expect(rows).toEqual([{ user_agent: 'a'.repeat(512) }]);
});

it.each([
  ['disabled', 'disabled_at = now()'],
  ['without a password', 'password_hash = null'],
  ['of another role', `role = 'user'`],
])(
  '[SEC-011] a session that is left open is worth nothing for an account that is %s',
  async (_what, change) => {
    const [one, other] = [await account(), await account()];
    const [id, theirs] = [await open(one.id), await open(other.id)];
    const person = (session: string) => call<object | null>(`session_person($1, 'api')`, session);
    await sql.query(`update actp_users set ${change} where id = $1`, [one.id]);
    await again(id);
    expect([await person(id), await person(theirs)]).toMatchObject([null, { id: other.id, name: 'Ann' }]);
  },
);

it('[SEC-011] a session is ended once, while it is open, by its owner or an operator who may act', async () => {
  const [one, user] = [await account(), await account('user')];
  const end = (id: string, actor: string, own: string | null = null) =>
    call<string>(`end_session($1, 'logout', $2, $3)`, id, actor, own === null ? {} : { session_id: own });
  const [mine, theirs, late] = [await open(one.id), await open(user.id), await open(user.id)];
  await over(late);
  expect(await end(mine, `user:${user.email}`, theirs)).toBe('forbidden');
  const rows = await rowsLeftBy(sql, async () => {
    expect([
      await end(theirs, `user:${user.email}`, theirs),
      await end(theirs, `operator:${one.email}`),
    ]).toEqual([...['ended', 'not_found']]);
    expect(await end(late, `operator:${one.email}`)).toBe('not_found');
    expect(await end(randomUUID(), `operator:${one.email}`)).toBe('not_found');
  });
  expect(rows).toMatchObject([
    {
      action_type: 'session.end',
      result: { session_id: theirs, of: user.email, kind: 'api', reason: 'logout' },
    },
  ]);
  expect(await end(mine, `operator:${one.email}`, mine)).toBe('ended');
});
