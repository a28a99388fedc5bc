import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { approvalCalls, digest, type Answer } from '../approvals/approvals.fixture.ts';

const stores = await openStores();
const { sql } = stores;
const calls = approvalCalls(sql);
let counted = 0;

const call = async <T>(text: string, values: unknown[] = []): Promise<T> => {
  const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
  if (!rows[0]) throw new Error('a function always answers');
  return rows[0].answer;
};

/** An operator, and a Telegram id of their own that is linked or not. */
async function person({ name = null as string | null, linked = true } = {}) {
  counted += 1;
  const email = `p${counted}@example.com`;
  const telegramId = 1_000 + counted;
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, name, password_hash, role) values ($1, $2, 'of a test', 'operator') returning id`,
    [email, name],
  );
  const one = {
    id: rows[0]?.id ?? '',
    telegramId,
    http: `operator:${email}`,
    telegram: `telegram:${telegramId}`,
    link: () => link(one, telegramId),
    unlink: () => call<string>('unlink_telegram($1, $2, $3)', [one.id, one.http, {}]),
    disable: () => sql.query('update actp_users set disabled_at = now() where id = $1', [one.id]),
  };
  if (linked) await one.link();
  return one;
}
type Person = Awaited<ReturnType<typeof person>>;

const hashOf = (code: string) => createHash('sha256').update(code).digest();
const codeFor = ({ id, http }: Pick<Person, 'id' | 'http'>, code: string) =>
  call<string>('make_telegram_code($1, $2, 10, $3, $4)', [id, hashOf(code), http, {}]);
const sendCode = (telegramId: number, code: string, isPrivate = true, update = (counted += 1)) =>
  call<{ result: string; name?: string }>('link_telegram($1, $2, $3, $4)', [
    telegramId,
    hashOf(code),
    isPrivate,
    update,
  ]);

async function link(one: Pick<Person, 'id' | 'http'>, telegramId: number): Promise<void> {
  const code = `code ${(counted += 1)}`;
  expect(await codeFor(one, code)).toBe('created');
  expect((await sendCode(telegramId, code)).result).toBe('linked');
}

async function asked(over: Record<string, unknown> = {}): Promise<string> {
  const { id } = await calls.request(over);
  await sql.query(`select record_approval_card($1, '-1', 5, 1)`, [id]);
  return id;
}

const press = (id: string, actor: string): Promise<Answer> =>
  call('press_approval($1, $2, false, $3, $4, $5, $6)', [
    id,
    'approved',
    digest,
    actor,
    { update_id: (counted += 1), chat_id: '-1', message_id: 5 },
    {},
  ]);
const decide = (id: string, actor: string) => calls.decide(id, 'approved', actor);
const votesOf = async (id: string) =>
  (await call<{ status: string; approvals: number }>('read_approval($1)', [id])).approvals;

describe('[TRU-003] approvers: 2 counts people', () => {
  it.each([
    ['HTTP and then Telegram', (p: Person) => [decide, p.http, press, p.telegram] as const],
    ['Telegram and then HTTP', (p: Person) => [press, p.telegram, decide, p.http] as const],
    ['HTTP twice, in other letters', (p: Person) => [decide, p.http, decide, `operator:${p.http.slice(9).toUpperCase()}`] as const],
  ])('one person by %s is one vote', async (_way, steps) => {
    const [ann, bob] = [await person(), await person()];
    const id = await asked({ approvers: 2 });
    const [first, by, second, again] = steps(ann);
    expect((await first(id, by)).result).toBe('needs_more');
    expect((await second(id, again)).result).toBe('needs_more');
    expect(await votesOf(id)).toBe(1);
    expect((await calls.read(id)).status).toBe('pending');
    expect((await press(id, bob.telegram)).result).toBe('decided');
  });

  it('also when the link is made after the first vote', async () => {
    const ann = await person({ linked: false });
    const id = await asked({ approvers: 2 });
    await press(id, ann.telegram);
    await ann.link();
    expect((await decide(id, ann.http)).result).toBe('needs_more');
    expect(await votesOf(id)).toBe(1);
  });

  it.each(['before', 'between'])('also when the link is ended %s', async (when) => {
    const ann = await person();
    const id = await asked({ approvers: 2 });
    if (when === 'before') await ann.unlink();
    await decide(id, ann.http);
    if (when === 'between') await ann.unlink();
    expect((await press(id, ann.telegram)).result).toBe('needs_more');
    const other = await asked({ approvers: 2 });
    await press(other, ann.telegram);
    expect((await decide(other, ann.http)).result).toBe('needs_more');
  });

  it('also when two votes turn out to be of one person before a third', async () => {
    const [ann, bob] = [await person({ linked: false }), await person()];
    const id = await asked({ approvers: 3 });
    await press(id, ann.telegram);
    await decide(id, ann.http);
    await ann.link();
    expect((await decide(id, bob.http)).result).toBe('needs_more');
    expect(await votesOf(id)).toBe(2);
  });

  it('at the same moment as well', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => person()));
    await Promise.all(
      people.map(async (one) => {
        const id = await asked({ approvers: 2 });
        const results = await Promise.all([
          press(id, one.telegram),
          decide(id, one.http),
          press(id, one.telegram),
          decide(id, one.http),
        ]);
        expect(results.map(({ result }) => result)).toEqual(Array.from({ length: 4 }, () => 'needs_more'));
      }),
    );
  });

  it('and Telegram ids that were never linked count as themselves', async () => {
    const id = await asked({ approvers: 2 });
    expect((await press(id, 'telegram:1')).result).toBe('needs_more');
    expect((await press(id, 'telegram:2')).result).toBe('decided');
  });

  it('and not the vote of somebody who was disabled meanwhile', async () => {
    const [ann, bob, eve] = [await person(), await person(), await person()];
    const id = await asked({ approvers: 2 });
    await decide(id, ann.http);
    await ann.disable();
    expect((await decide(id, bob.http)).result).toBe('needs_more');
    expect((await decide(id, eve.http)).result).toBe('decided');
  });
});

describe('[TRU-003] who asked', () => {
  it('does not decide by the other identity either', async () => {
    const ann = await person();
    const over = { critical: false };
    expect((await decide(await asked({ ...over, requested_by: ann.telegram }), ann.http)).result).toBe('own_request');
    expect((await press(await asked({ ...over, requested_by: ann.http }), ann.telegram)).result).toBe('own_request');
    const critical = await asked({ critical: true, requested_by: ann.http });
    expect((await press(critical, ann.telegram)).result).toBe('own_request');
  });
});

describe('[TRU-003] whoever is no operator', () => {
  it.each<[who: string, end: (p: Person) => Promise<unknown>]>([
    ['disabled', (p) => p.disable()],
    ['without the role', (p) => sql.query(`update actp_users set role = 'user' where id = $1`, [p.id])],
    ['without a password: only invited', (p) => sql.query('update actp_users set password_hash = null where id = $1', [p.id])],
    ['deleted', (p) => sql.query('delete from actp_users where id = $1', [p.id])],
    ['disabled after unlinking', async (p) => [await p.unlink(), await p.disable()]],
  ])('decides, stops and lifts nothing, by HTTP or Telegram: %s', async (_who, end) => {
    const ann = await person();
    const id = await asked();
    const critical = await asked({ critical: true });
    await end(ann);
    expect((await decide(id, ann.http)).result).toBe('not_operator');
    expect((await press(id, ann.telegram)).result).toBe('not_operator');
    expect((await press(critical, ann.telegram)).result).toBe('not_operator');
    expect((await calls.decide(id, 'rejected', ann.telegram)).result).toBe('not_operator');
    for (const actor of [ann.http, ann.telegram]) {
      await expect(call(`set_kill_switch('all', 'x', $1, '{}')`, [actor])).rejects.toThrow('may act');
      await expect(call(`lift_kill_switch('all', null, null, $1, '{}')`, [actor])).rejects.toThrow('may act');
      await expect(
        call(`prepare_kill_switch('stop', 'all', null, null, $1, '-1')`, [actor]),
      ).rejects.toThrow('may act');
    }
    expect((await calls.read(id)).status).toBe('pending');
    const { rows } = await sql.query(
      `select count(*)::int as n from actp_agent_audit_log
       where approval_id = $1 and status = 'denied' and result ->> 'refused' = 'not_operator'`,
      [id],
    );
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('is every address without an account', async () => {
    expect((await decide(await asked(), 'operator:nobody@example.com')).result).toBe('not_operator');
  });

  it('cannot press a button that was there before', async () => {
    const ann = await person();
    const id = await call<string>(`prepare_kill_switch('stop', 'agent:x', null, null, $1, '-1')`, [ann.telegram]);
    await ann.disable();
    expect(
      await call(`press_kill_switch($1, true, $2, '-1', $3, null, '{}')`, [id, ann.telegram, (counted += 1)]),
    ).toMatchObject({ result: 'refused', refusal: 'not_operator' });
  });
});

describe('[TRU-003] a code for Telegram', () => {
  it('works once, only in private, and only while it is fresh', async () => {
    const ann = await person({ linked: false });
    await codeFor(ann, 'a');
    expect((await sendCode(7, 'b')).result).toBe('wrong');
    expect(await sendCode(ann.telegramId, 'a')).toMatchObject({ result: 'linked' });
    expect((await sendCode(ann.telegramId, 'a')).result).toBe('wrong');
    await codeFor(ann, 'in a group');
    expect((await sendCode(8, 'in a group', false)).result).toBe('not_private');
    expect((await sendCode(8, 'in a group')).result).toBe('wrong');
    await codeFor(ann, 'old');
    await sql.query(`update actp_telegram_codes set expires_at = now() where used_at is null`);
    expect((await sendCode(9, 'old')).result).toBe('wrong');
    await codeFor(ann, 'replaced');
    await codeFor(ann, 'newer');
    expect((await sendCode(10, 'replaced')).result).toBe('wrong');
    expect((await sendCode(ann.telegramId, 'newer')).result).toBe('linked');
  });

  it('is only for oneself, while enabled, and not without end', async () => {
    const [ann, bob] = [await person({ linked: false }), await person({ linked: false })];
    expect(await codeFor({ id: bob.id, http: ann.http }, 'of another')).toBe('forbidden');
    expect(await call('unlink_telegram($1, $2, $3)', [bob.id, ann.http, {}])).toBe('forbidden');
    for (let i = 0; i < 10; i += 1) expect(await codeFor(ann, `many ${i}`)).toBe('created');
    expect(await codeFor(ann, 'one more')).toBe('too_many');
    await codeFor(bob, 'then disabled');
    await bob.disable();
    expect((await sendCode(bob.telegramId, 'then disabled')).result).toBe('wrong');
    await expect(codeFor(bob, 'disabled')).rejects.toThrow('may act');
  });

  it('is not found by guessing', async () => {
    const ann = await person({ linked: false });
    await codeFor(ann, 'the right one');
    for (let i = 0; i < 5; i += 1) expect((await sendCode(666, `guess ${i}`)).result).toBe('wrong');
    expect((await sendCode(666, 'the right one')).result).toBe('too_many');
    expect((await sendCode(ann.telegramId, 'the right one')).result).toBe('linked');
  });

  it('is no more than a hash in the database', async () => {
    const ann = await person({ linked: false });
    await codeFor(ann, 'only a hash of it');
    const { rows } = await sql.query<{ all: string }>(
      `select string_agg(c::text, ' ') as all from actp_telegram_codes c`,
    );
    expect(rows[0]?.all).toContain(hashOf('only a hash of it').toString('hex'));
    expect(rows[0]?.all).not.toContain('only a hash');
  });

  it('counts once when an update comes again, and takes an id from nobody', async () => {
    const [ann, bob] = [await person(), await person({ linked: false })];
    await codeFor(bob, 'for the id of another');
    expect((await sendCode(ann.telegramId, 'for the id of another', true, 900_001)).result).toBe('taken');
    expect((await sendCode(ann.telegramId, 'for the id of another', true, 900_001)).result).toBe('duplicate');
    await ann.unlink();
    await codeFor(bob, 'again');
    expect((await sendCode(ann.telegramId, 'again')).result).toBe('linked');
  });

  it('leaves rows in the audit log and a message for all operators', async () => {
    const ann = await person({ name: 'Ann' });
    await ann.unlink();
    const { rows } = await sql.query(
      `select action_type, status, agent_id from actp_agent_audit_log
       where agent_id in ($1, $2) order by id`,
      [ann.http, ann.telegram],
    );
    expect(rows).toEqual([
      { action_type: 'operator.telegram_code', status: 'ok', agent_id: ann.http },
      { action_type: 'operator.telegram_link', status: 'ok', agent_id: ann.telegram },
      { action_type: 'operator.telegram_unlink', status: 'ok', agent_id: ann.http },
    ]);
    const { rows: told } = await sql.query<{ body: string }>(
      `select body from actp_notifications where kind = 'operator.telegram_linked' and body like $1`,
      [`%${ann.telegramId} %Ann%`],
    );
    expect(told).toHaveLength(1);
  });
});

it('[TRU-003] the name of who decided stands in the approval and in the audit log, beside the identity', async () => {
  const ann = await person({ name: 'Ann Lee' });
  for (const [by, act] of [
    [ann.http, decide],
    [ann.telegram, press],
  ] as const) {
    const id = await asked();
    expect((await act(id, by)).approval).toMatchObject({ decided_by: by, decided_by_name: 'Ann Lee' });
    const { rows } = await sql.query(
      `select result ->> 'name' as name, agent_id from actp_agent_audit_log
       where approval_id = $1 and action_type = 'approval.decide'`,
      [id],
    );
    expect(rows).toEqual([{ name: 'Ann Lee', agent_id: by }]);
  }
});
