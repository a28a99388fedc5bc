import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

interface Account {
  id: string;
  email: string;
  actor: string;
  session: string;
}
async function account(over: { role?: string; name?: string | null } = {}): Promise<Account> {
  const { role = 'operator', name = null } = over;
  const email = `${randomUUID()}@example.com`;
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, name, password_hash, role) values ($1, $2, 'hash', $3) returning id`,
    [email, name, role],
  );
  const id = rows[0]?.id ?? '';
  return { id, email, actor: `operator:${email}`, session: await open(id) };
}
const open = (id: string) => call<string>(`open_session($1, 'hash', 'api', 12, '{}')`, id);
let telegramIds = 1_000;
async function link({ id }: Account, telegramId = (telegramIds += 1)): Promise<string> {
  await sql.query('update actp_telegram_links set unlinked_at = now() where telegram_id = $1', [telegramId]);
  await sql.query('insert into actp_telegram_links (telegram_id, user_id) values ($1, $2)', [telegramId, id]);
  return `telegram:${telegramId}`;
}
const mayAct = (actor: string, context: object | null = null) =>
  call<boolean>('may_act($1, $2)', actor, context);
const personOf = (actor: string) => call<string | null>('person_of($1)', actor);
const change = (text: string, { id }: Account) =>
  sql.query(`update actp_users set ${text} where id = $1`, [id]);
const bystander = await account();
await link(bystander);

describe('who may act', () => {
  it.each<[who: string, text: string | null, may: boolean]>([
    ['an operator', null, true],
    ['one who is disabled', 'disabled_at = now()', false],
    ['one who is a user by now', `role = 'user'`, false],
    ['one who was only invited', 'password_hash = null', false],
  ])('%s, by address or by Telegram', async (_who, text, may) => {
    const one = await account();
    const telegram = await link(one);
    if (text !== null) await change(text, one);
    expect([await mayAct(one.actor), await mayAct(telegram)]).toEqual([may, may]);
    expect([await mayAct(one.actor.toUpperCase().replace('OPERATOR', 'operator'))]).toEqual([may]);
    expect(await mayAct(bystander.actor)).toBe(true);
  });

  it.each([
    ['an address without an account', 'operator:nobody@example.com', false],
    ['an agent', 'agent-1', false],
    ['the plane', 'plane', false],
    ['an id that was never linked', 'telegram:42', true],
    ['no id', 'telegram:x', false],
    ['an id that is too long', `telegram:${'9'.repeat(19)}`, false],
    ['the longest id', `telegram:${'9'.repeat(18)}`, true],
  ])('%s', async (_who, actor, may) => {
    expect(await mayAct(actor)).toBe(may);
  });

  it('an id acts as whom it was linked to last, also when the link has ended', async () => {
    const [first, second] = [await account(), await account()];
    const telegram = await link(first);
    await sql.query('update actp_telegram_links set unlinked_at = now() where user_id = $1', [first.id]);
    expect([await mayAct(telegram), await personOf(telegram)]).toEqual([true, `user:${first.id}`]);
    await link(second, Number(telegram.slice(9)));
    await change('disabled_at = now()', first);
    expect([await mayAct(telegram), await personOf(telegram)]).toEqual([true, `user:${second.id}`]);
    await change('disabled_at = now()', second);
    expect(await mayAct(telegram)).toBe(false);
    await sql.query('delete from actp_users where id = $1', [second.id]);
    expect(await mayAct(telegram)).toBe(false);
  });

  it.each<[what: string, arrange: (one: Account) => Promise<unknown>, may: boolean]>([
    ['is open', async () => undefined, true],
    [
      'has ended',
      ({ session }) => sql.query('update actp_sessions set ended_at = now() where id = $1', [session]),
      false,
    ],
    [
      'is over',
      ({ session }) =>
        sql.query(`update actp_sessions set expires_at = now() - interval '1 millisecond' where id = $1`, [
          session,
        ]),
      false,
    ],
    ['is not there', ({ session }) => sql.query('delete from actp_sessions where id = $1', [session]), false],
  ])('whoever has a session acts while it %s', async (_what, arrange, may) => {
    const one = await account();
    await open(one.id);
    await arrange(one);
    expect(await mayAct(one.actor, { session_id: one.session })).toBe(may);
    expect(await mayAct(one.actor, { session_id: bystander.session })).toBe(false);
    expect(await mayAct(one.actor, {})).toBe(true);
  });

  it('nobody else, and it is said in a way that apps tell from a missing right', async () => {
    await expect(call(`assert_may_act('operator:nobody@example.com', '{}')`)).rejects.toMatchObject({
      code: 'AC401',
    });
    await expect(call(`assert_may_act('agent-1', '{}')`)).rejects.toThrow('only a person');
    await expect(call(`assert_may_act($1, '{}')`, bystander.actor)).resolves.toBeDefined();
  });

  it.each([
    ['operator:a@b.c', true],
    ['telegram:1', true],
    [`telegram:${'1'.repeat(20)}`, true],
    [`operator:${'a'.repeat(325)}@b.cde`, true],
    [`operator:${'a'.repeat(326)}@b.cde`, false],
    [`telegram:${'1'.repeat(21)}`, false],
    ['user:a@b.c', false],
    ['operator:a@b@c', false],
    ['', false],
    [null, false],
  ])('%j is a person: %s', async (actor, is) => {
    const asserted = call('assert_person($1)', actor);
    if (is) await expect(asserted).resolves.toBeDefined();
    else await expect(asserted).rejects.toThrow('only a person');
  });
});

describe('a person', () => {
  it('is the account, whichever way it acts, or an id of its own', async () => {
    const one = await account({ name: 'Ann' });
    const telegram = await link(one);
    for (const actor of [one.actor, telegram]) {
      expect([await personOf(actor), await call('person_name($1)', actor)]).toEqual([
        `user:${one.id}`,
        'Ann',
      ]);
    }
    expect([await personOf('telegram:7'), await call(`person_name('telegram:7')`)]).toEqual([
      'telegram:7',
      null,
    ]);
    for (const actor of ['agent-1', 'operator:nobody@example.com', `telegram:${'9'.repeat(19)}`])
      expect(await personOf(actor)).toBeNull();
    expect(await call('person_name($1)', bystander.actor)).toBe(bystander.email);
  });
});

describe('an account is registered', () => {
  const register = (email: string, hash: string | null = 'hash', actor: string | null = null) =>
    call<{ result: string; user?: { id: string; email: string } }>(
      `register_user($1, $2, 'First@Example.com', $3, '{}')`,
      email,
      hash,
      actor,
    );
  const fresh = () => `${randomUUID()}@Example.com`;

  it('once for an address, however it is written', async () => {
    const email = fresh();
    expect(await register(email, null)).toEqual({ result: 'free' });
    const rows = await rowsLeftBy(sql, async () => {
      expect(await register(email)).toMatchObject({
        result: 'registered',
        user: { email: email.toLowerCase() },
      });
      expect(await register(email.toUpperCase())).toEqual({ result: 'exists' });
      expect(await register(email, null)).toEqual({ result: 'exists' });
    });
    const of = email.toLowerCase();
    const refused = {
      action_type: 'auth.register',
      status: 'error',
      agent_id: `login:${of}`,
      result: { of, refused: 'exists' },
    };
    expect(rows).toMatchObject([
      { action_type: 'auth.register', status: 'ok', agent_id: `user:${of}` },
      refused,
      refused,
    ]);
    expect(await call(`find_user($1)`, email)).toContain(',user)');
  });

  it('not at the address of an operator, also of the one who is still to be made', async () => {
    expect(await register(bystander.email)).toEqual({ result: 'exists' });
    expect(await register('first@example.com')).toEqual({ result: 'exists' });
    expect(await register('FIRST@example.com', null)).toEqual({ result: 'exists' });
  });

  it('by an operator who may act, with their name in the log', async () => {
    const rows = await rowsLeftBy(sql, () => register(fresh(), 'hash', bystander.actor));
    expect(rows).toMatchObject([{ action_type: 'auth.register', status: 'ok', agent_id: bystander.actor }]);
    await expect(register(fresh(), 'hash', 'operator:nobody@example.com')).rejects.toThrow('may act');
  });
});

describe('the operator of the environment', () => {
  const ensure = (email: string) => call<boolean>(`ensure_operator($1, 'first hash')`, email);
  const replace = (email: string, stored: string | null) =>
    call<boolean>(`replace_operator_password($1, $2, 'new hash')`, email, stored);
  const configured = (email: string) => call<Record<string, string> | null>('configured_operator($1)', email);

  it('is made once, and its password is replaced when it is the one that was looked at', async () => {
    const email = `${randomUUID()}@example.com`;
    expect(await configured(email)).toBeNull();
    expect([await ensure(email.toUpperCase()), await ensure(email)]).toEqual([true, false]);
    expect(await replace(email, 'another hash')).toBe(false);
    expect(await replace(email, null)).toBe(false);
    const rows = await rowsLeftBy(sql, async () => {
      expect(await replace(email.toUpperCase(), 'first hash')).toBe(true);
    });
    expect(rows).toMatchObject([
      { action_type: 'operator.replace_password', status: 'ok', result: { operator: email } },
    ]);
    expect(await configured(email.toUpperCase())).toEqual({
      ...{ role: 'operator', password_hash: 'new hash', configured_hash: 'new hash' },
    });
    expect(await configured(bystander.email)).toMatchObject({
      password_hash: 'hash',
      configured_hash: 'hash',
    });
  });

  it('takes no account of a user, and leaves one that is there', async () => {
    const user = await account({ role: 'user' });
    expect(await ensure(user.email)).toBe(false);
    expect(await replace(user.email, 'hash')).toBe(false);
    expect(await configured(user.email)).toMatchObject({ role: 'user', password_hash: 'hash' });
  });

  it('keeps a password that was changed since, beside the one that was configured', async () => {
    const one = await account();
    const context = { session_id: one.session };
    const next = await call<string>(
      `change_password($1, 'hash', 'changed', 12, $2, $3)`,
      one.id,
      one.actor,
      context,
    );
    expect(next).not.toBeNull();
    expect(await configured(one.email)).toMatchObject({ password_hash: 'changed', configured_hash: 'hash' });
    expect(await configured(bystander.email)).toMatchObject({ password_hash: 'hash' });
  });
});

describe('the sessions of an account end, of no other,', () => {
  it.each([
    ['password', `password_hash = 'another'`],
    ['role', `role = 'user'`],
    ['email', `email = gen_random_uuid() || '@example.com'`],
    ['disabled', 'disabled_at = now()'],
  ])('with the reason: %s', async (reason, text) => {
    const one = await account();
    await sql.query(`update actp_sessions set ended_at = now(), end_reason = 'logout' where id = $1`, [
      one.session,
    ]);
    const second = await open(one.id);
    await change(text, one);
    const { rows } = await sql.query(
      'select end_reason from actp_sessions where id = any ($1) order by id = $2',
      [[one.session, second], second],
    );
    expect(rows).toEqual([{ end_reason: 'logout' }, { end_reason: reason }]);
    expect(await mayAct(bystander.actor, { session_id: bystander.session })).toBe(true);
  });
});
