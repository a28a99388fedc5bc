import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBotClient } from './bot-client.ts';
import { createTelegramServer, type TelegramServer } from './server.ts';
import { sendRefusals } from './state/send-refusals.ts';

const token = '4242:stand-in-token-for-tests-0007';
const group = -501;
const supergroup = -1000501;
const message = { chat_id: group, text: 'hi' };
const reply_markup = { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] };
let telegram: TelegramServer;
let bot: ReturnType<typeof createBotClient>;

beforeEach(async () => {
  telegram = await createTelegramServer({ token, chats: [{ id: group, type: 'group' }, { id: 43 }] });
  bot = createBotClient(telegram);
});
afterEach(() => telegram.stop());

describe('a chat that takes no messages', () => {
  it.each(sendRefusals)('is known all the same, and takes them again when that is over (%s)', async (why) => {
    telegram.setSending(group, why);
    const refused = await bot('sendMessage', { ...message, reply_markup });
    expect([400, 403]).toContain(refused.error_code);
    expect((await bot('getChat', { chat_id: group })).ok).toBe(true);
    expect((await bot('sendMessage', { ...message, chat_id: 43 })).ok).toBe(true);
    telegram.setSending(group, 'open');
    expect((await bot('sendMessage', { ...message, reply_markup })).ok).toBe(true);
  });

  it('may refuse only those with buttons', async () => {
    telegram.setSending(group, 'no_buttons');
    expect((await bot('sendMessage', message)).ok).toBe(true);
    expect((await bot('sendMessage', { ...message, reply_markup })).ok).toBe(false);
  });

  it('refuses edits, too', async () => {
    await bot('sendMessage', message);
    telegram.setSending(group, 'no_rights');
    expect(await bot('editMessageText', { ...message, message_id: 1, text: 'ho' })).toMatchObject({
      error_code: 400,
      description: 'Bad Request: not enough rights to send text messages to the chat',
    });
  });
});

describe('a group that becomes a supergroup', () => {
  it('is refused under its old id, with the new one; messages from before stay where they were', async () => {
    await bot('sendMessage', message);
    telegram.migrate(group, supergroup);
    const refused = {
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: supergroup },
    };
    expect(await bot('sendMessage', message)).toEqual(refused);
    expect(await bot('editMessageText', { ...message, message_id: 1, text: 'ho' })).toEqual(refused);
    expect((await bot('sendMessage', { ...message, chat_id: supergroup })).ok).toBe(true);
    expect(telegram.messages({ text: 'hi' }).map(({ chat_id }) => chat_id)).toEqual([group, supergroup]);
  });

  it('tells the bot in both chats', async () => {
    telegram.migrate(group, supergroup);
    const { result } = await bot('getUpdates');
    expect(result).toMatchObject([
      { message: { chat: { id: group }, migrate_to_chat_id: supergroup } },
      { message: { chat: { id: supergroup }, migrate_from_chat_id: group } },
    ]);
  });
});
