import { createHash } from 'node:crypto';
import { createBotClient } from '@actp/testing/telegram/bot-client';
import { expect, it } from 'vitest';
import { openBench, sessionSecret, token } from '../approval-bot.fixture.ts';
import { approvalsOn, buttonsNow, textNow } from './approvals.fixture.ts';
import { createButtonMac } from './buttons/button-mac.ts';
import { keyboard } from './buttons/keyboard.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const order = 'send 90000 USD to DE89370400440532013000';

it('[TRU-007] a card shows an order under the name of a secret, and masks a key that is random', async () => {
  await bench.start();
  const key = createHash('sha256').update('a key').digest('hex');
  const id = await approvals.ask({ details: { password: order, api_key: key } });
  const card = await approvals.card(id);
  expect(textNow(card)).toContain(`▪ password: “${order}”`);
  expect(textNow(card)).toContain('⟦hidden: api-key, 64 characters, fingerprint ');
  expect(textNow(card)).not.toContain(key);
  expect(buttonsNow(card)).toEqual(['✅ Approve', '❌ Reject']);
  expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
});

it('[TRU-007] what a card does not show cannot be approved with it, not even with a button of an earlier card', async () => {
  await bench.start();
  const id = await approvals.ask({ details: { password: 'Pay90000ToBob!' } });
  const card = await approvals.card(id);
  expect(textNow(card)).not.toContain('Pay90000ToBob!');
  expect(textNow(card)).toContain(`POST /v1/approvals/${id}/decision`);
  expect(buttonsNow(card)).toEqual(['❌ Reject']);

  const { chat_id, message_id } = card;
  const target = { chatId: String(chat_id), actionDigest: approvals.digestOf(id) };
  const bot = createBotClient({ url: bench.telegram.url, token });
  const reply_markup = keyboard('decide', id, target, createButtonMac(sessionSecret));
  await bot('editMessageReplyMarkup', { chat_id, message_id, reply_markup });
  expect(await approvals.press(await approvals.card(id), '✅ Approve')).toContain('Nothing was decided');
  expect((await approvals.read(id)).status).toBe('pending');
  expect(await approvals.refusedPresses()).toMatchObject([
    { status: 'denied', result: { refused: 'not_shown', approval_id: id } },
  ]);
  expect(await approvals.press(await approvals.card(id), '❌ Reject')).toBe('❌ Rejected.');
});

it('[TRU-007] nor with the second button of a critical one', async () => {
  await bench.start();
  const id = await approvals.ask({ critical: true, details: { password: 'Pay90000ToBob!' } });
  const { chat_id, message_id } = await approvals.card(id);
  await bench.stores.sql.query(
    `insert into actp_approval_first_presses (approval_id, actor, pressed_at) values ($1, 'telegram:42', now())`,
    [id],
  );
  const target = { chatId: String(chat_id), actionDigest: approvals.digestOf(id) };
  const bot = createBotClient({ url: bench.telegram.url, token });
  const reply_markup = keyboard('confirm', id, target, createButtonMac(sessionSecret));
  await bot('editMessageReplyMarkup', { chat_id, message_id, reply_markup });
  expect(await approvals.press(await approvals.card(id), '‼️ Really approve')).toContain(
    'This card does not show all of it',
  );
  expect((await approvals.read(id)).status).toBe('pending');
});
