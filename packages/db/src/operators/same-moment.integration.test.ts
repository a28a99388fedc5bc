import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { answerAfterWaiting } from '../waits.fixture.ts';
import { peopleOn } from './people.fixture.ts';

const { sql } = await openDatabase();
const { call, person, hashOf, codeFor, sendCode, next } = peopleOn(sql);
const disable = `select change_operator($1, null, true, $2, '{}')`;

describe('[TRU-003] at the same moment', () => {
  it('of two operators who disable each other one stays', async () => {
    const [one, two] = [await person(), await person()];
    await person();
    const second = answerAfterWaiting(sql, { lock: [disable, two.id, one.http] }, () =>
      call(`change_operator($1, null, true, $2, '{}')`, [one.id, two.http]),
    );
    await expect(second).rejects.toThrow('may act');
    const { rows } = await sql.query<{ id: string }>(
      'select id from actp_users where disabled_at is null and id = any ($1)',
      [[one.id, two.id]],
    );
    expect(rows).toEqual([{ id: one.id }]);
  });

  it('an invitation is accepted by one, whose password stays', async () => {
    const admin = await person();
    const code = hashOf('invitation');
    await call(`invite_operator('new@example.com', null, $1, 24, $2, '{}')`, [code, admin.http]);
    const second = answerAfterWaiting(sql, { lock: [`select accept_invite($1, 'first', '{}')`, code] }, () =>
      call(`accept_invite($1, 'second', '{}')`, [code]),
    );
    expect(await second).toBeNull();
    const { rows } = await sql.query(`select password_hash from actp_users where email = 'new@example.com'`);
    expect(rows).toEqual([{ password_hash: 'first' }]);
  });

  it('a fifth wrong code for Telegram and the right one: the id has to wait', async () => {
    const one = await person({ linked: false });
    await codeFor(one, 'right');
    for (let i = 0; i < 4; i += 1) await sendCode(one.telegramId, `wrong ${i}`);
    const fifth = [
      'select link_telegram($1, $2, true, $3)',
      ...[one.telegramId, hashOf('wrong 4'), next()],
    ] as const;
    const right = answerAfterWaiting(sql, { lock: fifth }, () => sendCode(one.telegramId, 'right'));
    expect((await right).result).toBe('too_many');
  });

  it('two codes are made for Telegram: one is worth something', async () => {
    const one = await person({ linked: false });
    const first = [
      `select make_telegram_code($1, $2, 10, $3, '{}')`,
      ...[one.id, hashOf('first'), one.http],
    ] as const;
    expect(await answerAfterWaiting(sql, { lock: first }, () => codeFor(one, 'second'))).toBe('created');
    expect((await sendCode(one.telegramId, 'first')).result).toBe('wrong');
    expect((await sendCode(one.telegramId, 'second')).result).toBe('linked');
  });
});
