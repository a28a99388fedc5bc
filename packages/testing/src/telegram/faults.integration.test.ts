import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBotClient } from './bot-client.ts';
import { createTelegramServer, type TelegramServer } from './server.ts';

const token = '4242:stand-in-token-for-tests-0003';
const message = { chat_id: 42, text: 'hi' };
let telegram: TelegramServer;
let bot: ReturnType<typeof createBotClient>;

beforeEach(async () => {
  telegram = await createTelegramServer({ token, chats: [{ id: 42 }, { id: 43 }] });
  bot = createBotClient(telegram);
});
afterEach(() => telegram.stop());

describe('a fault', () => {
  it('hits as many calls of its method as were asked for', async () => {
    telegram.faults.add({
      effect: 'error',
      code: 429,
      retry_after: 7,
      method: 'sendmessage',
      times: 2,
    });
    const refused = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 7',
      parameters: { retry_after: 7 },
    };
    expect((await bot('getMe')).ok).toBe(true);
    expect(await bot('sendMessage', message)).toEqual(refused);
    expect(await bot('sendMessage', message)).toEqual(refused);
    expect((await bot('sendMessage', message)).ok).toBe(true);
    expect(telegram.messages()).toHaveLength(1);
    expect(telegram.calls('sendMessage').map(({ outcome }) => outcome)).toEqual([429, 429, 200]);
  });

  it('lasts until it is cleared, and may concern one chat', async () => {
    telegram.faults.add({ effect: 'error', code: 502, description: 'Bad Gateway', chat_id: 43 });
    expect((await bot('sendMessage', message)).ok).toBe(true);
    for (const _ of [1, 2, 3]) {
      expect((await bot('sendMessage', { ...message, chat_id: 43 })).description).toBe('Bad Gateway');
    }
    telegram.faults.clear();
    expect((await bot('sendMessage', { ...message, chat_id: 43 })).ok).toBe(true);
  });

  it('cuts the connection before the message is sent, or after', async () => {
    telegram.faults.add({ effect: 'reset', times: 1 });
    await expect(bot('sendMessage', message)).rejects.toThrow();
    expect(telegram.messages()).toHaveLength(0);
    telegram.faults.add({ effect: 'reset', times: 1, when: 'after' });
    await expect(bot('sendMessage', message)).rejects.toThrow();
    expect(telegram.messages()).toHaveLength(1);
  });

  it('leaves the caller without an answer to a message that was sent', async () => {
    telegram.faults.add({ effect: 'hang', times: 1, when: 'after' });
    const impatient = new AbortController();
    const sent = bot('sendMessage', message, impatient.signal).catch(() => 'gave up');
    await telegram.waitForMessage({ text: 'hi' });
    impatient.abort();
    expect(await sent).toBe('gave up');
  });

  it('answers late, or with what is no answer', async () => {
    telegram.faults.add({ effect: 'slow', ms: 20, times: 1 });
    expect((await bot('sendMessage', message)).ok).toBe(true);
    telegram.faults.add({ effect: 'garbage', times: 1 });
    await expect(bot('sendMessage', message)).rejects.toThrow('JSON');
  });

  it('of the whole service: nothing listens until it comes back, with everything it knew', async () => {
    await bot('sendMessage', message);
    await telegram.goAway();
    await expect(bot('getMe')).rejects.toThrow();
    telegram.say({ chat_id: 42, text: 'said meanwhile' });
    await telegram.comeBack();
    expect((await bot('getUpdates')).result).toHaveLength(1);
    expect(telegram.messages({ outgoing: true })).toHaveLength(1);
  });

  it('is a limit, too: one message a second to a chat', async () => {
    telegram.limitFlood('telegram');
    expect((await bot('sendMessage', message)).ok).toBe(true);
    expect(await bot('sendMessage', message)).toMatchObject({
      error_code: 429,
      parameters: { retry_after: 1 },
    });
    telegram.limitFlood('off');
    expect((await bot('sendMessage', message)).ok).toBe(true);
  });
});

describe('waiting', () => {
  it('for a message says what there was instead', async () => {
    await bot('sendMessage', message);
    await expect(telegram.waitForMessage({ text: 'bye' }, 20)).rejects.toThrow(
      'still no message with bye; the bot\'s last messages are:\n  chat 42: "hi"',
    );
  });

  it('for quiet ends when updates are fetched and calls are over', async () => {
    telegram.say({ chat_id: 42, text: 'hi' });
    await expect(telegram.waitUntilQuiet({ quietMs: 30, within: 90 })).rejects.toThrow('not quiet');
    await bot('getUpdates', { offset: -1 });
    await bot('getUpdates', { offset: telegram.updates().length + 310_000_000 });
    await telegram.waitUntilQuiet({ quietMs: 30 });
  });
});
