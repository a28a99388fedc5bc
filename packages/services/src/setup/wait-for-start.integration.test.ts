import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { createBotClient } from '@actp/testing/telegram/bot-client';
import { createTelegramServer } from '@actp/testing/telegram/server';
import { createTelegramCall } from '../doctor/telegram-api.ts';
import { waitForStart } from './wait-for-start.ts';

const token = `7654321:${'k'.repeat(35)}`;
const none = new Set<number>();
const never = () => new AbortController().signal;

async function open() {
  const telegram = await createTelegramServer({ token });
  atEnd(() => telegram.stop());
  return { telegram, call: createTelegramCall({ token, apiRoot: telegram.url }) };
}

describe('waiting for /start', () => {
  it.each(['/start', '/START', '/Start@actp_test_bot', '/start hello'])('takes %s', async (text) => {
    const { telegram, call } = await open();
    telegram.say({ chat_id: 11, text: 'hello' });
    telegram.say({ chat_id: 11, text: '/startle' });
    const waiting = waitForStart(call, none, never());
    telegram.say({ chat_id: 11, text });
    expect(await waiting).toMatchObject({
      is: 'start',
      start: { chat: { id: 11, type: 'private' }, user: { id: 11 } },
    });
    expect(telegram.pendingUpdates()).toHaveLength(3);
  });

  it('passes over what was looked at, and those who hide behind a group', async () => {
    const { telegram, call } = await open();
    telegram.addChat({ id: -100, title: 'Ops' });
    const first = telegram.say({ chat_id: 11, text: '/start' });
    telegram.say({ chat_id: -100, from: 'anonymous', text: '/start' });
    const waiting = waitForStart(call, new Set([first.update_id]), never());
    telegram.say({ chat_id: -100, from: 12, text: '/start' });
    expect(await waiting).toMatchObject({
      is: 'start',
      start: { chat: { id: -100, title: 'Ops' }, user: { id: 12 } },
    });
  });

  it('sees a new one behind more than Telegram gives at once', async () => {
    const { telegram, call } = await open();
    for (let count = 0; count < 130; count += 1) telegram.say({ chat_id: 11, text: `old ${count}` });
    telegram.say({ chat_id: 11, text: '/start' });
    expect(await waitForStart(call, none, never())).toMatchObject({ is: 'start' });
  });

  it('says when somebody else gets them, and when Telegram is away', async () => {
    const { telegram, call } = await open();
    await createBotClient(telegram)('setWebhook', { url: 'http://127.0.0.1:1/hook' });
    expect(await waitForStart(call, none, never())).toEqual({ is: 'taken' });
    await telegram.goAway();
    expect(await waitForStart(call, none, never())).toMatchObject({ is: 'failed' });
  });

  it('ends when it is told to', async () => {
    const { call } = await open();
    const stop = new AbortController();
    const waiting = waitForStart(call, none, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow('abort');
  });
});
