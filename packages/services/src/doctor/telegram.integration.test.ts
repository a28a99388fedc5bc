import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { createTelegramServer } from '@actp/testing/telegram/server';
import type { DatabaseAnswer, DatabaseFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { look } from './look.fixture.ts';
import { createTelegramCall } from './telegram-api.ts';
import { telegramCheck, type TelegramDeps } from './telegram.ts';

const token = `7654321:${'k'.repeat(35)}`;
const group = -1_001_234;

async function open() {
  const telegram = await createTelegramServer({
    token,
    chats: [{ id: 11 }, { id: group, type: 'supergroup' }],
  });
  atEnd(() => telegram.stop());
  return telegram;
}

const answer = (facts: Partial<DatabaseFacts>) => async () =>
  ({ facts: { telegram_refusals: [], telegram_polling: true, ...facts } }) as unknown as DatabaseAnswer;

async function findings(
  apiRoot: string,
  deps: Partial<TelegramDeps> & { token?: string } = {},
): Promise<readonly Finding[]> {
  const call = createTelegramCall({ token: deps.token ?? token, apiRoot });
  const check = telegramCheck({
    call,
    chatId: '11',
    extraChatIds: [],
    approverIds: [11],
    running: true,
    facts: answer({}),
    me: () => call('getMe'),
    ...deps,
  });
  return look(check);
}

const states = (found: readonly Finding[]) =>
  Object.fromEntries(found.map(({ name, state }) => [name, state]));
const textOf = (found: readonly Finding[], name: string) => found.find((one) => one.name === name)?.detail;

describe('Telegram', () => {
  it('is fine with a good token, a chat, an approver and updates that come here', async () => {
    const telegram = await open();
    const found = await findings(telegram.url);
    expect(states(found)).toEqual({
      telegram: 'ok',
      'telegram chat': 'ok',
      'telegram updates': 'ok',
      'telegram approvers': 'ok',
    });
    expect(textOf(found, 'telegram')).toContain('@actp_test_bot');
    // Nothing was taken away from the plane's own poller, and nobody got a message.
    expect(telegram.calls('getUpdates')).toEqual([]);
    expect(telegram.calls('sendMessage')).toEqual([]);
  });

  it('is off without a token, unless other settings say that it should be on', async () => {
    const none = { call: undefined, chatId: undefined, approverIds: [] };
    expect(await findings('http://127.0.0.1:9', none)).toMatchObject([{ state: 'off' }]);
    expect(await findings('http://127.0.0.1:9', { ...none, chatId: '11' })).toMatchObject([
      { state: 'warn' },
    ]);
  });

  it('tells a token that Telegram rejects from a network that is away, and shows neither token nor address', async () => {
    const telegram = await open();
    const wrong = await findings(telegram.url, { token: `7654321:${'w'.repeat(35)}` });
    expect(wrong).toMatchObject([{ state: 'fail', detail: 'Telegram rejects TELEGRAM_BOT_TOKEN' }]);
    await telegram.goAway();
    const away = await findings(telegram.url);
    expect(away).toMatchObject([{ state: 'fail' }]);
    expect(away[0]?.detail).toContain('cannot be reached');
    for (const text of [wrong, away].map((one) => JSON.stringify(one))) {
      expect(text).not.toContain('7654321');
      expect(text).not.toContain(telegram.url);
    }
  });

  it('tells a chat that it does not know, or may not write to', async () => {
    const telegram = await open();
    const unknown = await findings(telegram.url, { chatId: '4040' });
    expect(textOf(unknown, 'telegram chat')).toContain('does not know TELEGRAM_CHAT_ID');
    telegram.setReachability(11, 'blocked');
    expect(textOf(await findings(telegram.url), 'telegram chat')).toContain(
      'may not write to TELEGRAM_CHAT_ID',
    );
    telegram.setReachability(group, 'kicked');
    const extra = await findings(telegram.url, { extraChatIds: [String(group)] });
    expect(extra.some(({ detail }) => detail.includes('may not write to TELEGRAM_EXTRA_CHAT_IDS'))).toBe(
      true,
    );
    expect(states(await findings(telegram.url, { chatId: undefined }))['telegram chat']).toBe('fail');
  });

  it('knows approvers by what they wrote, or by the group', async () => {
    const telegram = await open();
    expect(states(await findings(telegram.url, { approverIds: [] }))['telegram approvers']).toBe('fail');
    const linked = answer({ telegram_linked: 1 });
    const byAccount = await findings(telegram.url, { approverIds: [], facts: linked });
    expect(states(byAccount)['telegram approvers']).toBe('ok');
    const stranger = await findings(telegram.url, { approverIds: [11, 99] });
    expect(textOf(stranger, 'telegram approvers')).toBe('the bot does not know 99 of TELEGRAM_APPROVER_IDS');
    const inGroup = await findings(telegram.url, { chatId: String(group), approverIds: [99] });
    expect(states(inGroup)).toMatchObject({ 'telegram chat': 'ok', 'telegram approvers': 'ok' });
  });

  it('tells when updates go to a webhook, are refused, or are fetched by nobody', async () => {
    const telegram = await open();
    const silent = await findings(telegram.url, { facts: answer({ telegram_polling: false }) });
    expect(textOf(silent, 'telegram updates')).toBe('nobody fetches them');
    const refused = answer({ telegram_refusals: [{ what: 'buttons', reason: 'refused' }] });
    expect(states(await findings(telegram.url, { facts: refused }))['telegram updates']).toBe('fail');
    expect(states(await findings(telegram.url, { running: false }))['telegram updates']).toBe('off');
    await createTelegramCall({ token, apiRoot: telegram.url })('setWebhook', {
      url: 'http://127.0.0.1:1/hook',
    });
    expect(textOf(await findings(telegram.url, { running: false }), 'telegram updates')).toContain('webhook');
  });
});
