import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { changeOperator } from './change.ts';
import { inviteOperator } from './invite.ts';
import { asAgent, asUser, openVerbs } from '../verbs.fixture.ts';
import { listOperators } from './list.ts';
import { createTelegramCode, telegramCodeMinutes, unlinkTelegram } from './telegram-code.ts';
import { createTelegramLinks } from './telegram-links.ts';

const stores = await openStores();
const { deps, operator, audited, sql } = await openVerbs(stores);
const { db } = deps;
const links = createTelegramLinks(createDb(stores.env, 'bot', 20_000));
const ann = await operator('ann@example.com');

let last = 1_000;
const link = (code: string, over: Partial<Parameters<typeof links.link>[0]> = {}) => {
  last += 1;
  return links.link({ telegramId: last, code, isPrivate: true, updateId: last, ...over });
};
const somebody = async () => {
  const context = await operator(`${randomUUID()}@example.com`);
  const { id } = context.actor;
  return { id, context, code: () => createTelegramCode({ db }, id, context) };
};

describe('[TRU-003] a Telegram id', () => {
  it('is linked with a code that an operator has made for themselves, however it is typed, once', async () => {
    const code = await createTelegramCode({ db }, ann.actor.id, ann);
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    expect(JSON.stringify((await sql.query('select * from actp_telegram_codes')).rows)).not.toContain(code);
    const { rows } = await sql.query(
      `select extract(epoch from expires_at - created_at)::int / 60 as minutes from actp_telegram_codes`,
    );
    expect(rows).toEqual([{ minutes: telegramCodeMinutes }]);
    const typed = ` ${code.toLowerCase().replaceAll('-', '')} `;
    expect(await link(typed, { telegramId: 42, updateId: 1 })).toEqual({
      ...{ result: 'linked', name: 'ann@example.com' },
    });
    expect(await link(typed, { telegramId: 42, updateId: 1 })).toEqual({ result: 'duplicate' });
    expect((await listOperators(db, { before: undefined, limit: 1 }))[0]?.operator).toMatchObject({
      ...{ email: 'ann@example.com', state: 'active', telegram_id: 42, invite_expires_at: null },
    });
    expect(await link(typed)).toEqual({ result: 'wrong' });
    expect((await audited('operator.telegram_code')).at(-1)).toMatchObject({
      ...{ agent_id: 'operator:ann@example.com', ip: '203.0.113.7' },
    });
    expect((await audited('operator.telegram_link'))[0]).toMatchObject({
      ...{ agent_id: 'telegram:42', status: 'ok' },
    });
  });

  it('is not linked where others read the code, nor to a second operator', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const code = await one.code();
    expect(await link(code, { isPrivate: false })).toEqual({ result: 'not_private' });
    expect(await link(code)).toEqual({ result: 'wrong' });
    expect(await link(await one.code(), { telegramId: 50 })).toMatchObject({ result: 'linked' });
    expect(await link(await other.code(), { telegramId: 50 })).toEqual({ result: 'taken' });
  });

  it('that guesses has to wait', async () => {
    for (let guess = 0; guess < 5; guess += 1)
      expect(await link('AAAA-AAAA-AAAA', { telegramId: 60 })).toEqual({ result: 'wrong' });
    const code = await (await somebody()).code();
    expect(await link(code, { telegramId: 60 })).toEqual({ result: 'too_many' });
  });

  it('acts as long as its operator may', async () => {
    const { id, code } = await somebody();
    expect(await links.mayAct(70)).toBe(true);
    await link(await code(), { telegramId: 70 });
    expect(await links.mayAct(70)).toBe(true);
    const sessions = { invalidate: () => undefined };
    await changeOperator({ db, sessions }, id, { name: undefined, disabled: true }, ann);
    expect(await links.mayAct(70)).toBe(false);
    expect(await links.mayAct(71)).toBe(true);
  });

  it('is linked no more when its operator says so', async () => {
    const { id, context, code } = await somebody();
    const none = { code: 'not_found', message: 'no Telegram id is linked to this account' };
    await expect(unlinkTelegram({ db }, id, context)).rejects.toMatchObject(none);
    await link(await code(), { telegramId: 80 });
    await unlinkTelegram({ db }, id, context);
    expect((await audited('operator.telegram_unlink')).at(-1)).toMatchObject({
      ...{ ip: '203.0.113.7', result: { telegram_id: 80 } },
    });
    await expect(unlinkTelegram({ db }, id, context)).rejects.toMatchObject(none);
  });

  it('is of nobody who was invited only', async () => {
    const { operator: invited } = await inviteOperator(
      { db },
      { email: 'late@example.com', name: undefined },
      ann,
    );
    expect(invited).toMatchObject({ name: null, state: 'invited', telegram_id: null });
    await sql.query(`update actp_users set invite_expires_at = now() - interval '1 second' where id = $1`, [
      invited.id,
    ]);
    const [newest] = await listOperators(db, { before: undefined, limit: 1 });
    expect(newest?.operator).toMatchObject({ id: invited.id, state: 'invite_expired' });
    const own = { ...ann, actor: { ...ann.actor, id: invited.id } };
    await expect(createTelegramCode({ db }, invited.id, own)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is everybody’s own to link and to unlink', async () => {
    const { id } = await somebody();
    const refused = { code: 'forbidden', message: 'everybody links only their own Telegram id' };
    await expect(createTelegramCode({ db }, id, ann)).rejects.toMatchObject(refused);
    await expect(unlinkTelegram({ db }, id, ann)).rejects.toMatchObject(refused);
    for (const context of [asAgent(), asUser]) {
      const code = 'forbidden';
      await expect(createTelegramCode({ db }, id, context)).rejects.toMatchObject({ code });
      await expect(unlinkTelegram({ db }, id, context)).rejects.toMatchObject({ code });
    }
  });

  it('takes so many codes in an hour', async () => {
    const { code } = await somebody();
    for (let made = 0; made < 10; made += 1) await code();
    await expect(code()).rejects.toMatchObject({
      ...{ code: 'rate_limited', message: 'more than 10 codes in an hour', retryAfter: 3_600 },
    });
  });
});
