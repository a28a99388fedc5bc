import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBotClient } from '../bot-client.ts';
import { createTelegramServer, type TelegramServer } from '../server.ts';
import { runCommand } from './commands.ts';
import { watchTelegram } from './watch.ts';

let telegram: TelegramServer;
let bot: ReturnType<typeof createBotClient>;
let printed: string[];

beforeEach(async () => {
  telegram = await createTelegramServer({
    token: '4242:stand-in-token-for-tests-0007',
    chats: [{ id: 42 }, { id: -5, title: 'Ops' }],
  });
  bot = createBotClient(telegram);
  printed = [];
  watchTelegram(telegram, (text) => printed.push(text));
});
afterEach(() => telegram.stop());

const type = (line: string) => runCommand(telegram, line, { user: 42, chat: 42 });

it('speaks as any user in any chat', async () => {
  await type('/status');
  await type('say  hello there');
  await type('as 7 /help');
  await type('in -5 as 7 say hi');
  expect(
    telegram.updates().map(({ message }) => [message?.from.id, message?.chat.id, message?.text]),
  ).toEqual([
    [42, 42, '/status'],
    [42, 42, 'hello there'],
    [7, 7, '/help'],
    [7, -5, 'hi'],
  ]);
});

it('shows messages with numbered buttons, presses them and shows the answer', async () => {
  const reply_markup = {
    inline_keyboard: [
      [
        { text: 'Approve', callback_data: 'yes' },
        { text: 'Reject', callback_data: 'no' },
      ],
    ],
  };
  await bot('sendMessage', { chat_id: 42, text: 'Deploy?', reply_markup });
  expect(printed).toEqual(['── bot in chat 42, message 1\n   Deploy?\n   [1] Approve  [2] Reject']);
  const pressed = type('as 42 press 2');
  const [update] = telegram.pendingUpdates();
  expect(update?.callback_query?.data).toBe('no');
  await bot('answerCallbackQuery', { callback_query_id: update?.callback_query?.id, text: 'Rejected' });
  expect(await pressed).toBe('── answer: Rejected');
  await bot('editMessageText', { chat_id: 42, message_id: 1, text: 'Deploy? Rejected' });
  await bot('deleteMessage', { chat_id: 42, message_id: 1 });
  expect(printed.slice(1)).toEqual([
    '── bot in chat 42, message 1 (edited)\n   Deploy? Rejected',
    '── bot in chat 42, message 1 (deleted)',
  ]);
});

it('repeats an update, makes faults, and says what it does not understand', async () => {
  await type('say once');
  await type('again');
  expect(telegram.pendingUpdates()).toHaveLength(2);
  await type('fault error 1');
  expect((await bot('getMe')).error_code).toBe(502);
  expect(printed).toContain('── getMe: 502');
  expect((await bot('getMe')).ok).toBe(true);
  for (const [line, why] of [
    ['dance', 'Nobody here knows "dance"'],
    ['press 1', 'no message with buttons'],
    ['press x', 'press <n>'],
    ['as nobody say x', '"nobody" is no number'],
    ['fault fire', 'Effects are'],
  ] as const) {
    await expect(type(line)).rejects.toThrow(why);
  }
});

it('closes a chat, opens it again, and makes a group a supergroup', async () => {
  await type('in -5 refuse topic_closed');
  expect((await bot('sendMessage', { chat_id: -5, text: 'hi' })).description).toContain('TOPIC_CLOSED');
  await type('in -5 refuse open');
  expect((await bot('sendMessage', { chat_id: -5, text: 'hi' })).ok).toBe(true);
  await type('in -5 migrate -1005');
  expect((await bot('sendMessage', { chat_id: -5, text: 'hi' })).parameters).toEqual({
    migrate_to_chat_id: -1005,
  });
  await expect(type('refuse nothing')).rejects.toThrow('Reasons are open, topic_closed');
});
