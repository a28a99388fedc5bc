import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBotClient, sentId } from './bot-client.ts';
import { createTelegramServer, type TelegramServer } from './server.ts';
import { buttonsOf, latest } from './state/messages.ts';

const token = '4242:stand-in-token-for-tests-0001';
const group = -1001;
let telegram: TelegramServer;
let bot: ReturnType<typeof createBotClient>;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-01-02T03:04:05Z');
  telegram = await createTelegramServer({
    token,
    clock: () => now,
    chats: [{ id: 42 }, { id: group, title: 'Ops', administrators: [42] }],
  });
  bot = createBotClient(telegram);
});
afterEach(() => telegram.stop());

describe('a call', () => {
  it('is answered alike by GET, form, multipart and JSON', async () => {
    const url = `${telegram.url}/bot${token}/sendMessage`;
    const params = { chat_id: '42', text: 'hi', reply_markup: '{"inline_keyboard":[]}' };
    const form = new FormData();
    for (const [name, value] of Object.entries(params)) form.set(name, value);
    await fetch(`${url}?${new URLSearchParams(params).toString()}`);
    await fetch(url, { method: 'POST', body: new URLSearchParams(params) });
    await fetch(url, { method: 'POST', body: form });
    await bot('SENDMESSAGE', { chat_id: 42, text: 'hi' });
    expect(telegram.messages({ text: 'hi' })).toHaveLength(4);
  });

  it('needs the right token and a method that exists', async () => {
    const ask = async (path: string) => (await fetch(`${telegram.url}${path}`)).json();
    const refusal = (error_code: number, description: string) => ({
      ok: false,
      error_code,
      description,
    });
    expect(await ask('/bot1:wrong/getMe')).toEqual(refusal(401, 'Unauthorized'));
    expect(await ask('/nothing')).toEqual(refusal(404, 'Not Found'));
    expect(await bot('fly')).toEqual(refusal(404, 'Not Found: method not found'));
    expect(await bot('getMe')).toMatchObject({ ok: true, result: { id: 4242, is_bot: true } });
  });

  it('with a body that is no JSON is refused', async () => {
    const response = await fetch(`${telegram.url}/bot${token}/getMe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(response.status).toBe(400);
  });
});

describe('a message', () => {
  it('is refused where the bot cannot write', async () => {
    telegram.addChat({ id: 43 });
    telegram.setReachability(43, 'blocked');
    telegram.setReachability(group, 'kicked');
    const send = async (chat_id: number) => (await bot('sendMessage', { chat_id, text: 'x' })).description;
    expect(await send(9)).toBe('Bad Request: chat not found');
    expect(await send(43)).toBe('Forbidden: bot was blocked by the user');
    expect(await send(group)).toBe('Forbidden: bot was kicked from the supergroup chat');
  });

  it('has an id of its own in each supergroup', async () => {
    expect(sentId(await bot('sendMessage', { chat_id: 42, text: 'x' }))).toBe(1);
    expect(sentId(await bot('sendMessage', { chat_id: 42, text: 'x' }))).toBe(2);
    expect(sentId(await bot('sendMessage', { chat_id: group, text: 'x' }))).toBe(1);
  });

  it('keeps every version of itself when it is edited', async () => {
    const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] };
    const chat = { chat_id: 42 };
    const message_id = sentId(await bot('sendMessage', { ...chat, text: 'one', reply_markup }));
    const edit = { ...chat, message_id, text: 'two' };
    expect((await bot('editMessageText', edit)).ok).toBe(true);
    expect(await bot('editMessageText', edit)).toMatchObject({
      error_code: 400,
      description: expect.stringContaining('message is not modified') as string,
    });
    const [message] = telegram.messages({ message_id });
    expect(message?.versions.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(message && buttonsOf(message)).toEqual([]);
  });

  it('gets and loses its buttons by an edit of them alone', async () => {
    const message_id = sentId(await bot('sendMessage', { chat_id: 42, text: 'one' }));
    const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] };
    const edit = { chat_id: 42, message_id, reply_markup };
    expect(await bot('editMessageReplyMarkup', edit)).toMatchObject({
      result: { text: 'one', reply_markup },
    });
    expect((await bot('editMessageReplyMarkup', edit)).description).toContain('not modified');
    expect((await bot('editMessageReplyMarkup', { chat_id: 42, message_id })).ok).toBe(true);
  });

  it("cannot be edited when it is gone or not the bot's", async () => {
    const theirs = telegram.say({ chat_id: 42, text: 'hello' }).message?.message_id;
    const edit = async (message_id: unknown) =>
      (await bot('editMessageText', { chat_id: 42, message_id, text: 'x' })).description;
    expect(await edit(99)).toBe('Bad Request: message to edit not found');
    expect(await edit(theirs)).toBe("Bad Request: message can't be edited");
    expect(await edit(undefined)).toBe('Bad Request: message identifier is not specified');
  });

  it('can be deleted once, within 48 hours', async () => {
    const message_id = sentId(await bot('sendMessage', { chat_id: 42, text: 'x' }));
    const old = sentId(await bot('sendMessage', { chat_id: 42, text: 'y' }));
    expect((await bot('deleteMessage', { chat_id: 42, message_id })).result).toBe(true);
    expect((await bot('deleteMessage', { chat_id: 42, message_id })).description).toBe(
      'Bad Request: message to delete not found',
    );
    now += 48 * 60 * 60 * 1000;
    expect((await bot('deleteMessage', { chat_id: 42, message_id: old })).description).toBe(
      "Bad Request: message can't be deleted for everyone",
    );
    expect(telegram.messages({ deleted: true })).toHaveLength(1);
  });

  it('replies to a message that is there', async () => {
    const message_id = sentId(await bot('sendMessage', { chat_id: 42, text: 'one' }));
    const reply = { chat_id: 42, text: 'two', reply_parameters: { message_id } };
    expect(await bot('sendMessage', reply)).toMatchObject({
      result: { reply_to_message: { message_id, text: 'one' } },
    });
    const lost = { ...reply, reply_parameters: { message_id: 99 } };
    expect((await bot('sendMessage', lost)).description).toBe('Bad Request: message to be replied not found');
  });
});

describe('a press', () => {
  const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go:1' }]] };

  async function card(): Promise<number> {
    return sentId(await bot('sendMessage', { chat_id: 42, text: 'card', reply_markup }));
  }

  it('reaches the bot with user, message and data, and shows its answer', async () => {
    const message_id = await card();
    const pressed = telegram.press({ chat_id: 42, message_id, button: 'Go' });
    const [update] = telegram.pendingUpdates();
    expect(update?.callback_query).toMatchObject({
      from: { id: 42 },
      message: { message_id, text: 'card' },
      data: 'go:1',
    });
    const callback_query_id = update?.callback_query?.id;
    await bot('answerCallbackQuery', { callback_query_id, text: 'done', show_alert: true });
    const { answer } = await pressed;
    expect(answer).toEqual({ text: 'done', show_alert: true, url: undefined });
  });

  it('cannot be answered after 15 seconds, with too long a text, or when it never was', async () => {
    const pressed = telegram.press({ chat_id: 42, message_id: await card(), button: 1, within: 1 });
    const { callback_query_id, answer } = await pressed;
    expect(answer).toBeUndefined();
    const answering = async (id: string, text = 'x') =>
      (await bot('answerCallbackQuery', { callback_query_id: id, text })).description;
    expect(await answering(callback_query_id, 'x'.repeat(201))).toContain('MESSAGE_TOO_LONG');
    expect(await answering('1')).toContain('query ID is invalid');
    now += 15_001;
    expect(await answering(callback_query_id)).toBe(
      'Bad Request: query is too old and response timeout expired or query ID is invalid',
    );
  });

  it('of a button that is not there is a mistake of the test', async () => {
    const message_id = await card();
    await expect(telegram.press({ chat_id: 42, message_id, button: 'Stop' })).rejects.toThrow(
      'there is: 1 Go',
    );
  });

  it('can be forged with any user, chat, message and data', async () => {
    void telegram.forgePress({ from: 666, data: 'evil', chat_id: -9, message_id: 77, within: 1 });
    void telegram.forgePress({ from: 666, data: 'inline', within: 1 });
    const [withMessage, inline] = telegram.pendingUpdates().map((update) => update.callback_query);
    expect(withMessage).toMatchObject({
      from: { id: 666 },
      message: { chat: { id: -9 }, message_id: 77, date: 0 },
      data: 'evil',
    });
    expect(inline?.message).toBeUndefined();
  });
});

describe('commands, chats and members', () => {
  it('are kept and told', async () => {
    const commands = [{ command: 'status', description: 'How things are' }];
    expect((await bot('setMyCommands', { commands })).result).toBe(true);
    expect((await bot('getMyCommands')).result).toEqual(commands);
    expect((await bot('getMyCommands', { language_code: 'de' })).result).toEqual([]);
    expect((await bot('setMyCommands', { commands: [{ command: 'No!' }] })).description).toBe(
      'Bad Request: BOT_COMMAND_INVALID',
    );
    expect(await bot('getChat', { chat_id: group })).toMatchObject({ result: { title: 'Ops' } });
    const member = { chat_id: group, user_id: 42 };
    expect(await bot('getChatMember', member)).toMatchObject({
      result: { status: 'administrator' },
    });
  });

  it('show who speaks, also an anonymous administrator', () => {
    telegram.addUser({ id: 7, is_bot: true, first_name: 'Other bot' });
    const text = '/status@actp_test_bot';
    expect(telegram.say({ chat_id: group, from: 7, text }).message).toMatchObject({
      from: { id: 7, is_bot: true },
      entities: [{ type: 'bot_command', offset: 0, length: 21 }],
    });
    expect(telegram.say({ chat_id: group, from: 'anonymous', text }).message).toMatchObject({
      from: { id: 1087968824, is_bot: true },
      sender_chat: { id: group },
    });
  });
});

it('takes a document, as a file or by id', async () => {
  const form = new FormData();
  form.set('chat_id', '42');
  form.set('caption', 'report');
  form.set('document', new File(['all fine'], 'report.txt', { type: 'text/plain' }));
  await fetch(`${telegram.url}/bot${token}/sendDocument`, { method: 'POST', body: form });
  const message = await telegram.waitForMessage({ text: 'report' });
  expect(latest(message).document).toMatchObject({ file_name: 'report.txt', file_size: 8 });
  expect((await bot('sendDocument', { chat_id: 42 })).description).toContain('no document');
});
