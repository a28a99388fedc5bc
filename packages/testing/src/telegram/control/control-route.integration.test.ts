import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createBotClient, sentId } from '../bot-client.ts';
import { createTelegramServer, type TelegramServer } from '../server.ts';

const token = '4242:stand-in-token-for-tests-0005';
let telegram: TelegramServer;
let bot: ReturnType<typeof createBotClient>;

beforeEach(async () => {
  telegram = await createTelegramServer({ token, chats: [{ id: 42 }] });
  bot = createBotClient(telegram);
});
afterEach(() => telegram.stop());

async function control(action: string, body?: object): Promise<unknown> {
  const response = await fetch(`${telegram.url}/_control/${action}`, {
    method: body ? 'POST' : 'GET',
    ...(body ? { headers: { 'content-type': 'application/json' } } : {}),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return response.json();
}

it('offers everything to another process: speaking, pressing, faults, waiting', async () => {
  await control('say', { chat_id: 42, text: '/status' });
  expect(await control('updates')).toMatchObject([{ message: { text: '/status' } }]);

  const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] };
  const message_id = sentId(await bot('sendMessage', { chat_id: 42, text: 'card', reply_markup }));
  expect(await control('wait', { text: 'card', within: 1000 })).toMatchObject({ message_id });

  const pressed = control('press', { chat_id: 42, message_id, button: 1 });
  const callback_query_id = await firstQuery();
  await bot('answerCallbackQuery', { callback_query_id, text: 'going' });
  expect(await pressed).toMatchObject({ answer: { text: 'going' } });

  await control('fault', { effect: 'error', code: 500, times: 1 });
  expect((await bot('getMe')).error_code).toBe(500);
  await control('chat', { id: -5, type: 'group', title: 'Ops' });
  await control('reach', { chat_id: -5, is: 'kicked' });
  expect((await bot('getChat', { chat_id: -5 })).error_code).toBe(403);
  expect(await control('messages?outgoing=true')).toHaveLength(1);
});

it('says what it cannot do', async () => {
  expect(await control('')).toMatchObject({
    actions: expect.arrayContaining(['say', 'press']) as [],
  });
  expect(await control('fly')).toMatchObject({ actions: expect.any(Array) as [] });
  expect(await control('say', { chat_id: 42 })).toMatchObject({
    error: expect.stringContaining('text') as string,
  });
  expect(await control('press', { chat_id: 42, message_id: 9, button: 1 })).toMatchObject({
    error: expect.stringContaining('There is no message 9') as string,
  });
});

const Queries = z.array(z.object({ callback_query: z.object({ id: z.string() }).optional() }));

async function firstQuery(): Promise<string> {
  for (;;) {
    const [update] = Queries.parse((await bot('getUpdates', { offset: -1, timeout: 5 })).result);
    if (update?.callback_query) return update.callback_query.id;
  }
}
