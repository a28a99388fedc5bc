import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowsLeftBy } from '../audit/rows.fixture.ts';
import { peopleOn } from './people.fixture.ts';

const { sql, call, person, hashOf, codeFor, sendCode } = peopleOn((await openDatabase()).sql);

describe('[TRU-003] a code for Telegram', () => {
  it('works once, only in private, and only while it is fresh', async () => {
    const ann = await person({ linked: false });
    await codeFor(ann, 'a');
    expect((await sendCode(7, 'b')).result).toBe('wrong');
    expect(await sendCode(ann.telegramId, 'a')).toEqual({ result: 'linked', name: ann.http.slice(9) });
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
    // Each at its own time.
    const { rows } = await sql.query(
      'select count(distinct used_at)::int as n from actp_telegram_codes where user_id = $1',
      [ann.id],
    );
    expect(rows).toEqual([{ n: 5 }]);
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

  it.each([
    ['of a user by now', `role = 'user'`],
    ['without a password', 'password_hash = null'],
    ['disabled', 'disabled_at = now()'],
  ])('is worth nothing when its account is %s, and another one still is', async (what, text) => {
    const [ann, bob] = [await person({ linked: false }), await person({ linked: false })];
    await codeFor(bob, `bob ${what}`);
    await codeFor(ann, `ann ${what}`);
    await sql.query(`update actp_users set ${text} where id = $1`, [ann.id]);
    expect((await sendCode(ann.telegramId, `ann ${what}`)).result).toBe('wrong');
    expect((await sendCode(bob.telegramId, `bob ${what}`)).result).toBe('linked');
  });

  it('is not found by guessing', async () => {
    const ann = await person({ linked: false });
    await codeFor(ann, 'the right one');
    for (let i = 0; i < 5; i += 1) expect((await sendCode(666, `guess ${i}`)).result).toBe('wrong');
    expect((await sendCode(666, 'the right one')).result).toBe('too_many');
    expect((await sendCode(ann.telegramId, 'the right one')).result).toBe('linked');
  });

  it('may be tried again a quarter of an hour after five wrong ones, not before', async () => {
    const ann = await person({ linked: false });
    await codeFor(ann, 'after a while');
    for (let i = 0; i < 5; i += 1) expect((await sendCode(ann.telegramId, `no ${i}`)).result).toBe('wrong');
    const ago = (minutes: number) =>
      sql.query(
        `update actp_telegram_link_failures set failed_at = clock_timestamp() - make_interval(mins => $2) where telegram_id = $1`,
        [ann.telegramId, minutes],
      );
    await ago(14);
    expect((await sendCode(ann.telegramId, 'after a while')).result).toBe('too_many');
    // Who tries while waiting does not wait for longer.
    const { rows } = await sql.query('select from actp_telegram_link_failures where telegram_id = $1', [
      ann.telegramId,
    ]);
    expect(rows).toHaveLength(5);
    await ago(15);
    expect((await sendCode(ann.telegramId, 'after a while')).result).toBe('linked');
  });

  it('is made ten times within an hour, and forgotten after a day', async () => {
    const ann = await person({ linked: false });
    for (let i = 0; i < 10; i += 1) await codeFor(ann, `of an hour ${i}`);
    const ago = (minutes: number) =>
      sql.query(
        `update actp_telegram_codes set created_at = clock_timestamp() - make_interval(mins => $2) where user_id = $1`,
        [ann.id, minutes],
      );
    const kept = async () => {
      const { rows } = await sql.query('select from actp_telegram_codes where user_id = $1', [ann.id]);
      return rows.length;
    };
    await ago(59);
    expect(await codeFor(ann, 'too early')).toBe('too_many');
    await ago(60);
    expect(await codeFor(ann, 'an hour later')).toBe('created');
    await ago(23 * 60);
    expect(await codeFor(ann, 'the same day')).toBe('created');
    expect(await kept()).toBe(12);
    await ago(24 * 60);
    expect(await codeFor(ann, 'a day later')).toBe('created');
    expect(await kept()).toBe(1);
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
    const refused = await rowsLeftBy(sql, () => sendCode(ann.telegramId, 'no code of anybody'));
    expect(refused).toMatchObject([
      {
        ...{ action_type: 'operator.telegram_link', status: 'denied', agent_id: ann.telegram },
        result: { refused: 'wrong' },
      },
    ]);
    const { rows: told } = await sql.query<{ body: string }>(
      `select body from actp_notifications where kind = 'operator.telegram_linked' and body like $1`,
      [`%${ann.telegramId} %Ann%`],
    );
    expect(told).toHaveLength(1);
  });
});
