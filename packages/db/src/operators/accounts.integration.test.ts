import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowsLeftBy } from '../audit/rows.fixture.ts';
import { peopleOn } from './people.fixture.ts';

const { sql } = await openDatabase();
const { call, person, hashOf, codeFor, sendCode } = peopleOn(sql);

interface Listed {
  id: string;
  email: string;
  name: string | null;
  state: string;
  telegram_id: number | null;
  created_at: string;
  invite_expires_at: string | null;
}
interface Answer {
  result: string;
  operator?: Listed;
}
const admin = await person();
const fresh = () => `${randomUUID()}@example.com`;
const invite = (
  email: string,
  code: string,
  { name = null as string | null, hours = 24, by = admin.http } = {},
) => call<Answer>('invite_operator($1, $2, $3, $4, $5, $6)', [email, name, hashOf(code), hours, by, {}]);
const accept = (code: string, hash: string | null = 'hash') =>
  call<Listed | null>('accept_invite($1, $2, $3)', [hashOf(code), hash, { ip: '127.0.0.1' }]);
const change = (id: string, name: string | null, disabled: boolean | null, by = admin.http) =>
  call<Answer>('change_operator($1, $2, $3, $4, $5)', [id, name, disabled, by, {}]);
const stateOf = async (id: string) =>
  (await call<Listed[]>('list_operators(null, null, 1000)')).find((one) => one.id === id);
const expire = (email: string) =>
  sql.query(`update actp_users set invite_expires_at = now() - interval '1 second' where email = $1`, [
    email,
  ]);
/** When links have ended, which stays as it is. */
const endedLinks = async () => {
  const { rows } = await sql.query(
    'select id, unlinked_at::text from actp_telegram_links where unlinked_at is not null order by id',
  );
  return rows;
};
const messages = async (kind: string) => {
  const { rows } = await sql.query<{ n: number }>(
    'select count(*)::int as n from actp_notifications where kind = $1',
    [kind],
  );
  return rows[0]?.n ?? 0;
};

describe('an operator is invited', () => {
  it('by one who may act, and accepts once', async () => {
    const [email, other] = [fresh(), fresh()];
    await invite(other, `${other} code`);
    const invited = await invite(email.toUpperCase(), 'code 1', { name: 'Ann' });
    expect(invited).toMatchObject({ result: 'invited', operator: { email, name: 'Ann', state: 'invited' } });
    await expect(invite(fresh(), 'x', { by: 'operator:nobody@example.com' })).rejects.toThrow('may act');
    // Without a password it only says whether the code is good.
    expect(await accept('code 1', null)).toMatchObject({ email, state: 'invited' });
    const before = await messages('operator.joined');
    const rows = await rowsLeftBy(sql, async () => {
      expect(await accept('code 1')).toMatchObject({ email, state: 'active', invite_expires_at: null });
    });
    expect(rows).toMatchObject([
      {
        action_type: 'operator.accept_invite',
        status: 'ok',
        agent_id: `operator:${email}`,
        result: { operator: email },
      },
    ]);
    expect(await messages('operator.joined')).toBe(before + 1);
    expect(await accept('code 1')).toBeNull();
    expect(await stateOf((await accept(`${other} code`, null))?.id ?? '')).toMatchObject({
      state: 'invited',
    });
  });

  it.each([
    ['with a name', 'Ann', { ip: '127.0.0.1' }, (email: string) => `Ann (${email})`, '127.0.0.1'],
    ['without', null, {}, (email: string) => email, 'an unknown address'],
  ])('and the others hear who has come, and from where: %s', async (what, name, by, who, where) => {
    const email = fresh();
    const { operator } = await invite(email, `told ${what}`, { name });
    await call('accept_invite($1, $2, $3)', [hashOf(`told ${what}`), 'hash', by]);
    const { rows } = await sql.query('select body from actp_notifications where dedupe_key = $1', [
      `operator:${operator?.id}:joined`,
    ]);
    const lines = [`👤 New operator: ${who(email)}`, `The invitation was accepted from ${where}.`];
    expect(rows).toEqual([{ body: lines.join('\n') }]);
  });

  it('again before accepting: the earlier code ends, and the name stays unless there is another', async () => {
    const email = fresh();
    await invite(email, 'early', { name: 'Bob' });
    expect(await invite(email, 'late')).toMatchObject({ result: 'invited', operator: { name: 'Bob' } });
    expect([await accept('early', null), (await accept('late', null))?.email]).toEqual([null, email]);
    expect(await invite(email, 'last', { name: 'Rob' })).toMatchObject({ operator: { name: 'Rob' } });
  });

  it.each<[what: string, text: string]>([
    ['too late', `invite_expires_at = now() - interval '1 second'`],
    ['disabled meanwhile', 'disabled_at = now()'],
    ['with a password by now', `password_hash = 'x'`],
    ['a user by now', `role = 'user'`],
  ])('and does not accept: %s', async (what, text) => {
    const email = fresh();
    await invite(email, what);
    await sql.query(`update actp_users set ${text} where email = $1`, [email]);
    expect([await accept(what, null), await accept(what)]).toEqual([null, null]);
    expect(await accept('no code')).toBeNull();
  });

  it('who was disabled before accepting may be invited anew, and whoever has an account may not', async () => {
    const email = fresh();
    const { operator } = await invite(email, 'one');
    await change(operator?.id ?? '', null, true);
    expect(await stateOf(operator?.id ?? '')).toMatchObject({ state: 'disabled' });
    expect(await invite(email, 'two')).toMatchObject({ result: 'invited', operator: { state: 'invited' } });
    await accept('two');
    expect(await invite(email, 'three')).toEqual({ result: 'exists' });
    const { rows } = await sql.query<{ email: string }>(
      `insert into actp_users (email, password_hash) values ($1, 'x') returning email`,
      [fresh()],
    );
    expect(await invite(rows[0]?.email ?? '', 'four')).toEqual({ result: 'exists' });
  });
});

describe('an operator is changed', () => {
  it('in name, or disabled and enabled again: each alone, and no other', async () => {
    const [one, other] = [await person({ name: 'Ann' }), await person({ name: 'Bob' })];
    const rows = await rowsLeftBy(sql, async () => {
      expect(await change(one.id, 'Eve', null)).toMatchObject({
        result: 'changed',
        operator: { name: 'Eve', state: 'active' },
      });
      expect(await change(one.id, null, true)).toMatchObject({
        operator: { name: 'Eve', state: 'disabled' },
      });
    });
    expect(rows).toMatchObject([
      { action_type: 'operator.change', status: 'ok', agent_id: admin.http, result: { name: 'Eve' } },
      { action_type: 'operator.change', status: 'ok', agent_id: admin.http, result: { disabled: true } },
    ]);
    const since = await sql.query('select disabled_at from actp_users where id = $1', [one.id]);
    await change(one.id, 'Eva', null);
    await change(one.id, null, true);
    expect((await sql.query('select disabled_at from actp_users where id = $1', [one.id])).rows).toEqual(
      since.rows,
    );
    expect(await change(one.id, null, false)).toMatchObject({ operator: { name: 'Eva', state: 'active' } });
    expect(await stateOf(other.id)).toMatchObject({
      name: 'Bob',
      state: 'active',
      telegram_id: other.telegramId,
    });
  });

  it('by one who may act alone, and not a user', async () => {
    const one = await person();
    const { rows } = await sql.query<{ id: string }>(
      `insert into actp_users (email, password_hash) values ($1, 'x') returning id`,
      [fresh()],
    );
    expect(await change(rows[0]?.id ?? '', 'x', null)).toEqual({ result: 'not_found' });
    expect(await change(randomUUID(), 'x', null)).toEqual({ result: 'not_found' });
    await one.disable();
    await expect(change(admin.id, 'x', null, one.http)).rejects.toThrow('may act');
  });

  it('but the last who may act is not disabled', async () => {
    const others = `role = 'operator' and id <> '${admin.id}' and disabled_at is null and password_hash is not null`;
    const kept = await sql.query<{ id: string }>(
      `update actp_users set disabled_at = now() where ${others} returning id`,
    );
    const invited = (await invite(fresh(), 'waiting')).operator?.id ?? '';
    const rows = await rowsLeftBy(sql, async () => {
      expect(await change(admin.id, null, true)).toEqual({ result: 'last_operator' });
    });
    expect(rows).toMatchObject([
      { action_type: 'operator.change', status: 'denied', result: { refused: 'last_operator' } },
    ]);
    // Who was only invited is none who may act, and may be disabled.
    expect((await change(invited, null, true)).result).toBe('changed');
    expect((await change(admin.id, 'Still here', false)).result).toBe('changed');
    await sql.query('update actp_users set disabled_at = null where id = any ($1)', [
      kept.rows.map(({ id }) => id),
    ]);
    const second = await person();
    expect((await change(second.id, null, true)).result).toBe('changed');
  });
});

describe('operators are listed', () => {
  it('newest first and in pages, with what they are by now', async () => {
    const email = fresh();
    await invite(email, 'list');
    await expire(email);
    const linked = await person();
    const unlinked = await person();
    await unlinked.unlink();
    const list = (before?: Listed, limit = 2) =>
      call<Listed[]>('list_operators($1, $2, $3)', [before?.created_at ?? null, before?.id ?? null, limit]);
    const page = await list();
    expect(page).toMatchObject([
      { id: unlinked.id, telegram_id: null, state: 'active' },
      { id: linked.id, telegram_id: linked.telegramId },
    ]);
    const next = await list(page.at(-1));
    expect(next[0]).toMatchObject({ email, state: 'invite_expired', telegram_id: null });
    const all = await list(undefined, 1_000);
    expect(all.map(({ id }) => id)).not.toContain(undefined);
    expect((await list(all[0], 1_000)).map(({ id }) => id)).toEqual(all.slice(1).map(({ id }) => id));
    const { rows } = await sql.query<{ n: number }>(
      `select count(*)::int as n from actp_users where role = 'operator'`,
    );
    expect(all).toHaveLength(rows[0]?.n ?? -1);
    expect(await list(all.at(-1))).toEqual([]);
  });
});

describe('a link to Telegram', () => {
  it('is made and ended by oneself alone', async () => {
    const [one, other] = [await person({ linked: false }), await person()];
    expect(await codeFor({ id: one.id, http: other.http }, 'foreign')).toBe('forbidden');
    expect(await call('unlink_telegram($1, $2, $3)', [other.id, one.http, {}])).toBe('forbidden');
    expect(await one.unlink()).toBe('not_found');
    expect(await stateOf(other.id)).toMatchObject({ telegram_id: other.telegramId });
    const third = await person();
    const rows = await rowsLeftBy(sql, async () => {
      expect([await other.unlink(), await other.unlink()]).toEqual(['unlinked', 'not_found']);
    });
    expect(rows).toMatchObject([
      {
        action_type: 'operator.telegram_unlink',
        agent_id: other.http,
        result: { telegram_id: other.telegramId },
      },
    ]);
    expect(await stateOf(third.id)).toMatchObject({ telegram_id: third.telegramId });
    await third.disable();
    await expect(third.unlink()).rejects.toThrow('may act');
  });

  it('to another id ends the one before, and one that was ended may be taken by another', async () => {
    const [one, two] = [await person(), await person({ linked: false })];
    expect(await codeFor(two, 'taken')).toBe('created');
    expect((await sendCode(one.telegramId, 'taken')).result).toBe('taken');
    await codeFor(one, 'moved');
    expect((await sendCode(two.telegramId, 'moved')).result).toBe('linked');
    expect(await stateOf(one.id)).toMatchObject({ telegram_id: two.telegramId });
    const before = await endedLinks();
    await codeFor(two, 'freed');
    expect((await sendCode(one.telegramId, 'freed')).result).toBe('linked');
    expect(await stateOf(two.id)).toMatchObject({ telegram_id: one.telegramId });
    expect(await endedLinks()).toEqual(before);
  });
});
