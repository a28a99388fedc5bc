import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { expectOthersUntouched } from '../bystanders.fixture.ts';

const { sql } = await openDatabase();

async function newUser(): Promise<{ id: string; email: string; actor: string }> {
  const email = `${randomUUID()}@example.com`;
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash, role) values ($1, 'hash', 'operator') returning id`,
    [email],
  );
  return { id: rows[0]?.id ?? '', email, actor: `operator:${email}` };
}

async function one<T>(text: string, ...values: unknown[]): Promise<T> {
  const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
  return (rows[0] as { answer: T }).answer;
}
const open = (id: string, kind = 'api', hash = 'hash') =>
  one<string | null>(`open_session($1, $2, $3, 12, '{}')`, id, hash, kind);
const isOpen = async (id: string | null, kind = 'api') =>
  (await one(`session_person($1, $2)`, id, kind)) !== null;

const other = await newUser();
await open(other.id);
await open(other.id, 'page');

describe('a session', () => {
  it('[SEC-011] is worth what its row says: kind, end, expiry, role, account', async () => {
    const user = await newUser();
    const id = await open(user.id);
    expect(await one(`session_person($1, 'api')`, id)).toMatchObject({
      id: user.id,
      email: user.email,
      role: 'operator',
    });
    expect(await isOpen(id, 'page')).toBe(false);
    expect(await isOpen(randomUUID())).toBe(false);
    for (const [change, back] of [
      [
        `update actp_sessions set expires_at = now() - interval '1 millisecond' where id = $1`,
        `update actp_sessions set expires_at = now() + interval '1 hour' where id = $1`,
      ],
      [
        `update actp_sessions set role = 'user' where id = $1`,
        `update actp_sessions set role = 'operator' where id = $1`,
      ],
      [
        `update actp_sessions set ended_at = now() where id = $1`,
        `update actp_sessions set ended_at = null where id = $1`,
      ],
    ] as const) {
      await sql.query(change, [id]);
      expect(await isOpen(id), change).toBe(false);
      await sql.query(back, [id]);
      expect(await isOpen(id), back).toBe(true);
    }
  });

  it.each(['hash of another password', ''])('[SEC-011] is not opened with %j', async (hash) => {
    expect(await open((await newUser()).id, 'api', hash)).toBeNull();
  });

  it('[SEC-011] is not opened for an account that is disabled, and ends with it', async () => {
    const user = await newUser();
    const id = await open(user.id);
    await expectOthersUntouched(sql, { tables: 'actp_sessions', subjects: [user.id] }, () =>
      sql.query('update actp_users set disabled_at = now() where id = $1', [user.id]),
    );
    expect(await isOpen(id)).toBe(false);
    expect(await open(user.id)).toBeNull();
  });

  it('[SEC-011] ends alone, once, by its owner or by an operator', async () => {
    const [user, admin] = [await newUser(), await newUser()];
    const [id, second] = [await open(user.id), await open(user.id)];
    const admins = await open(admin.id);
    const end = (session: string | null, actor: string, asking: string | null) =>
      one<string>(`end_session($1, 'by_hand', $2, $3)`, session, actor, { session_id: asking });
    await expectOthersUntouched(sql, { tables: 'actp_sessions', subjects: [id ?? ''] }, async () => {
      expect(await end(id, 'operator:nobody@example.com', randomUUID())).toBe('forbidden');
      expect(await isOpen(id)).toBe(true);
      expect(await end(id, admin.actor, admins)).toBe('ended');
      expect(await end(id, admin.actor, admins)).toBe('not_found');
    });
    expect(await isOpen(id)).toBe(false);
    expect(await isOpen(second)).toBe(true);
    expect(await end(second, user.actor, second)).toBe('ended');
  });

  it('[SEC-011] too many: the 200 newest of this user stay, and others keep theirs', async () => {
    const user = await newUser();
    await sql.query(
      `insert into actp_sessions (user_id, kind, role, created_at, expires_at)
       select $1, 'api', 'operator', now() - make_interval(secs => n), now() + interval '1 hour' from generate_series(1, 202) n`,
      [user.id],
    );
    await expectOthersUntouched(sql, { tables: 'actp_sessions', subjects: [user.id] }, () => open(user.id));
    const { rows } = await sql.query(
      `select count(*) filter (where ended_at is null)::int as open, count(*) filter (where end_reason = 'too_many')::int as ended
       from actp_sessions where user_id = $1`,
      [user.id],
    );
    expect(rows).toEqual([{ open: 200, ended: 3 }]);
  });

  it('[SEC-011] that has ended is none of the 200, and keeps its reason', async () => {
    const user = await newUser();
    const first = await open(user.id);
    await sql.query(
      `insert into actp_sessions (user_id, kind, role, expires_at, ended_at, end_reason)
       select $1, 'api', 'operator', now() + interval '1 hour', now(), 'logout' from generate_series(1, 200)`,
      [user.id],
    );
    await open(user.id);
    expect(await isOpen(first)).toBe(true);
    const { rows } = await sql.query(
      `select end_reason, count(*)::int as n from actp_sessions where user_id = $1 and ended_at is not null group by 1`,
      [user.id],
    );
    expect(rows).toEqual([{ end_reason: 'logout', n: 200 }]);
  });

  it('[SEC-011] is forgotten a day after its end, not before', async () => {
    const user = await newUser();
    const add = (what: string) =>
      sql.query(
        `insert into actp_sessions (user_id, kind, role, created_at, expires_at, ended_at, end_reason)
         select $1, 'api', 'operator', ${what}`,
        [user.id],
      );
    await add(`now() - interval '37 hours', now() - interval '25 hours', null, null`);
    await add(
      `now() - interval '10 hours', now() + interval '1 hour', now() - interval '25 hours', 'by_hand'`,
    );
    await add(`now() - interval '35 hours', now() - interval '23 hours', null, null`);
    await add(
      `now() - interval '10 hours', now() + interval '1 hour', now() - interval '23 hours', 'by_hand'`,
    );
    await open(user.id);
    const { rows } = await sql.query(`select count(*)::int as n from actp_sessions where user_id = $1`, [
      user.id,
    ]);
    expect(rows).toEqual([{ n: 3 }]);
  });
});

describe('a password', () => {
  it('[SEC-011] is changed for its owner alone, by an open session of his, and ends the others of his', async () => {
    const user = await newUser();
    const [mine, second] = [await open(user.id), await open(user.id)];
    const theirs = await open((await newUser()).id);
    const change = (stored: string, session: string | null) =>
      one<string | null>(`change_password($1, $2, 'new', 12, $3, $4)`, user.id, stored, user.actor, {
        session_id: session,
      });
    await expectOthersUntouched(sql, { tables: 'actp_sessions', subjects: [user.id] }, async () => {
      expect(await change('wrong', mine)).toBeNull();
      expect(await change('hash', theirs)).toBeNull();
      expect(await change('hash', randomUUID())).toBeNull();
      expect(await isOpen(second)).toBe(true);
      const next = await change('hash', mine);
      expect(await isOpen(next)).toBe(true);
    });
    expect([await isOpen(mine), await isOpen(second)]).toEqual([false, false]);
    const { rows } = await sql.query(`select count(*)::int as n from actp_users where password_hash = 'new'`);
    expect(rows).toEqual([{ n: 1 }]);
  });
});

describe('a kill switch', () => {
  const set = (scope: string) =>
    one<{ result: string; switch: { id: string } }>(
      `set_kill_switch($1, 'why', $2, '{}')`,
      scope,
      other.actor,
    );

  it('[SEC-003] is lifted alone: by its scope, and by its id where one is given', async () => {
    const [a, b] = [await set('agent:a'), await set('agent:b')];
    const lift = (scope: string, id: string | null) =>
      one<{ result: string }>(`lift_kill_switch($1, $2, 'over', $3, '{}')`, scope, id, other.actor);
    await expectOthersUntouched(sql, { tables: 'actp_kill_switches', subjects: [a.switch.id] }, async () => {
      expect(await lift('agent:a', b.switch.id)).toMatchObject({ result: 'not_found' });
      expect(await lift('agent:c', null)).toMatchObject({ result: 'not_found' });
      expect(await lift('agent:a', a.switch.id)).toMatchObject({ result: 'lifted' });
      expect(await lift('agent:a', a.switch.id)).toMatchObject({ result: 'not_found' });
    });
    expect(await one(`actp_kill_switch_blocks('a', 'x.y')`)).toBeNull();
    expect(await one(`actp_kill_switch_blocks('b', 'x.y')`)).toMatchObject({
      scope: 'agent:b',
      reason: 'why',
    });
    expect(await lift('agent:b', null)).toMatchObject({ result: 'lifted' });
  });

  it('[SEC-003] may be set 200 times at once; one that is set is not set again', async () => {
    await sql.query(
      `insert into actp_kill_switches (scope, reason, set_by) select 'agent:n' || n, 'x', 'operator:a@b.c' from generate_series(1, 199) n`,
    );
    expect(await set('agent:last')).toMatchObject({ result: 'set' });
    expect(await set('agent:more')).toMatchObject({ result: 'too_many' });
    expect(await set('agent:last')).toMatchObject({ result: 'known' });
    await sql.query(`delete from actp_kill_switches`);
  });

  it('[SEC-003] pressed in Telegram concerns one command, once, of the one who gave it, in its chat', async () => {
    await sql.query(
      `insert into actp_users (email, password_hash, role) values ('t@example.com', 'x', 'operator')`,
    );
    const prepare = (kind: string, scope: string) =>
      one<string>(`prepare_kill_switch($1, $2, null, null, $3, '-1')`, kind, scope, 'telegram:1');
    let update = 0;
    const press = (id: string, over: { actor?: string; chat?: string; confirmed?: boolean } = {}) =>
      one<{ result: string; refusal?: string }>(
        `press_kill_switch($1, $2, $3, $4, $5, null, '{}')`,
        ...[id, over.confirmed ?? true, over.actor ?? 'telegram:1', over.chat ?? '-1', (update += 1)],
      );
    const [id, late, dismissed] = [
      await prepare('stop', 'agent:a'),
      await prepare('stop', 'agent:b'),
      await prepare('stop', 'agent:c'),
    ];
    await sql.query(
      `update actp_kill_switch_commands set created_at = now() - interval '121 seconds' where id = $1`,
      [late],
    );
    expect(await press(id, { actor: 'telegram:2' })).toMatchObject({ refusal: 'not_yours' });
    expect(await press(id, { chat: '-2' })).toMatchObject({ refusal: 'other_chat' });
    expect(await press(randomUUID())).toMatchObject({ refusal: 'unknown' });
    expect(await press(late)).toMatchObject({ refusal: 'expired' });
    await expectOthersUntouched(sql, { tables: 'actp_kill_switch%', subjects: [id] }, async () => {
      expect(await press(id)).toMatchObject({ result: 'set', scope: 'agent:a' });
      expect(await press(id)).toMatchObject({ refusal: 'done' });
    });
    expect(await press(dismissed, { confirmed: false })).toMatchObject({ result: 'dismissed' });
    expect(await press(dismissed)).toMatchObject({ refusal: 'done' });
    const { rows } = await sql.query(
      `select scope, reason, set_by from actp_kill_switches where lifted_at is null`,
    );
    expect(rows).toEqual([{ scope: 'agent:a', reason: 'stopped in Telegram', set_by: 'telegram:1' }]);
  });
});
