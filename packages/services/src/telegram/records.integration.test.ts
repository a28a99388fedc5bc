import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { createGreetingStore } from './greetings.ts';
import { createChatMoveStore } from './move-store.ts';
import { recordPerson } from './people.ts';
import { listTelegramRefusals } from './list-refusals.ts';
import { createRefusalStore } from './refusal-store.ts';
import { forgetOldUpdates, recordPoll } from './updates.ts';

const stores = await openStores();
const { sql } = stores;
const db = createDb(stores.env, 'bot', 20_000);

describe('what Telegram refuses', () => {
  const refusals = createRefusalStore(db);
  const listed = async () =>
    (await listTelegramRefusals(createDb(stores.env, 'gateway', 20_000))).map(
      ({ what, reason }) => `${what}: ${reason}`,
    );
  beforeEach(() => sql.query('truncate actp_telegram_refusals'));

  it('is listed, the oldest first, until it is taken again', async () => {
    await refusals.record('-1', 'text', 'blocked');
    await refusals.record('-2', 'buttons', 'no rights');
    await sql.query(
      `update actp_telegram_refusals set since = now() - interval '1 hour' where chat_id = '-2'`,
    );
    expect(await listed()).toEqual(['buttons: no rights', 'text: blocked']);
    expect(await refusals.clear('-2', ['edit', 'text'])).toBe(0);
    expect(await refusals.clear('-2', ['edit', 'text', 'buttons'])).toBe(1);
    expect(await listed()).toEqual(['text: blocked']);
  });

  it('is tried again in a chat that has been quiet, one at a time', async () => {
    await refusals.record('-1', 'text', 'blocked');
    expect(await refusals.claimQuiet(['-1'], 600)).toBeNull();
    await sql.query(
      `update actp_telegram_refusals set since = now() - interval '1 hour', tried_at = now() - interval '1 hour'`,
    );
    expect(await refusals.claimQuiet(['-2'], 600)).toBeNull();
    expect(await refusals.claimQuiet(['-1'], 600)).toBe('-1');
    expect(await refusals.claimQuiet(['-1'], 600)).toBeNull();
  });

  it('is forgotten with its chat', async () => {
    await refusals.record('-1', 'text', 'blocked');
    await refusals.record('-2', 'text', 'blocked');
    await refusals.forgetOtherChats(['-2']);
    expect(await refusals.clear('-1', ['text'])).toBe(0);
    expect(await refusals.clear('-2', ['text'])).toBe(1);
  });
});

it('the bot introduces itself once in a chat', async () => {
  const greetings = createGreetingStore(db);
  expect(await greetings.isGreeted('-1')).toBe(false);
  await greetings.record('-1');
  expect([await greetings.isGreeted('-1'), await greetings.isGreeted('-2')]).toEqual([true, false]);
});

it('a gap in which nobody fetched updates is noticed, and updates of last week are forgotten', async () => {
  expect(await recordPoll(db, 600)).toBe(true);
  expect(await recordPoll(db, 600)).toBe(false);
  await sql.query(`update actp_telegram_polling set polled_at = now() - interval '601 seconds'`);
  expect(await recordPoll(db, 600)).toBe(true);
  await sql.query(
    `insert into actp_telegram_updates (update_id, seen_at) values (1, now() - interval '8 days'), (2, now())`,
  );
  expect(await forgetOldUpdates(db)).toBe(1);
});

it('a group that has become a supergroup is known, and the operators are told once', async () => {
  const moves = createChatMoveStore(db);
  expect(await moves.list()).toEqual([]);
  await sql.query(
    `insert into actp_notifications (dedupe_key, kind, body, state, message_id) values ('sent', 'a', 'b', 'sent', 7)`,
  );
  const messageId = async () =>
    (await sql.query(`select message_id::int from actp_notifications where dedupe_key = 'sent'`)).rows;
  const other = { from: '-2', to: '-1002', alerts: false, body: 'another' };
  await moves.record(other);
  expect(await messageId()).toEqual([{ message_id: 7 }]);
  const move = { from: '-1', to: '-1001', alerts: true, body: 'the group has moved' };
  const id = await moves.record(move);
  expect(await moves.record(move)).toBe(id);
  expect(await messageId()).toEqual([{ message_id: null }]);
  expect(await moves.list()).toEqual([
    { chat_id: '-2', moved_to: '-1002' },
    { chat_id: '-1', moved_to: '-1001' },
  ]);
  const { rows } = await sql.query('select body from actp_notifications where id = $1', [id]);
  expect(rows).toEqual([{ body: 'the group has moved' }]);
});

it('what people are called is shown beside their id, as they are called now', async () => {
  for (const name of ['Ann', 'Ann (boss)']) await recordPerson(db, 42, name);
  const { rows } = await sql.query('select telegram_id::int, name from actp_telegram_people');
  expect(rows).toEqual([{ telegram_id: 42, name: 'Ann boss' }]);
});
