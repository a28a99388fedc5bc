import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBotClient, updateIds } from './bot-client.ts';
import { createTelegramServer, type TelegramServer } from './server.ts';

const token = '4242:stand-in-token-for-tests-0002';
let telegram: TelegramServer;
let bot: ReturnType<typeof createBotClient>;

beforeEach(async () => {
  telegram = await createTelegramServer({ token });
  bot = createBotClient(telegram);
});
afterEach(() => telegram.stop());

describe('getUpdates', () => {
  it('waits for the first update and confirms by offset', async () => {
    const polled = bot('getUpdates', { timeout: 20 });
    const { update_id } = telegram.say({ chat_id: 42, text: 'hi' });
    expect(updateIds(await polled)).toEqual([update_id]);
    expect(updateIds(await bot('getUpdates'))).toEqual([update_id]);
    expect(updateIds(await bot('getUpdates', { offset: update_id + 1 }))).toEqual([]);
    expect(telegram.pendingUpdates()).toEqual([]);
  });

  it('gives at most 100 updates, and at least one, whatever is asked', async () => {
    for (let n = 0; n < 120; n += 1) telegram.say({ chat_id: 42, text: `${n}` });
    expect(updateIds(await bot('getUpdates', { limit: 1000 }))).toHaveLength(100);
    expect(updateIds(await bot('getUpdates', { limit: 0 }))).toHaveLength(1);
    const [last] = updateIds(await bot('getUpdates', { offset: -1 }));
    expect(updateIds(await bot('getUpdates'))).toEqual([last]);
  });

  it('ends with 409 when another poll begins', async () => {
    const first = bot('getUpdates', { timeout: 20 });
    await telegramPolls(1);
    const second = bot('getUpdates', { timeout: 20 });
    expect(await first).toEqual({
      ok: false,
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    telegram.say({ chat_id: 42, text: 'hi' });
    expect(updateIds(await second)).toHaveLength(1);
  });

  it('loses nothing when its caller goes away', async () => {
    const leaving = new AbortController();
    const polled = bot('getUpdates', { timeout: 20 }, leaving.signal).catch(() => 'gone');
    await telegramPolls(1);
    leaving.abort();
    expect(await polled).toBe('gone');
    telegram.say({ chat_id: 42, text: 'hi' });
    expect(updateIds(await bot('getUpdates', { timeout: 20 }))).toHaveLength(1);
  });

  it('gets only the kinds it asked for, until it asks for others', async () => {
    await bot('getUpdates', { allowed_updates: ['callback_query'] });
    telegram.say({ chat_id: 42, text: 'unseen' });
    expect(updateIds(await bot('getUpdates'))).toEqual([]);
    await bot('getUpdates', { allowed_updates: [] });
    telegram.say({ chat_id: 42, text: 'seen' });
    expect(updateIds(await bot('getUpdates'))).toHaveLength(1);
  });

  it('gets a duplicate of a waiting update and a replay of an old one', async () => {
    const { update_id: old } = telegram.say({ chat_id: 42, text: 'old' });
    await bot('getUpdates', { offset: old + 1 });
    const { update_id } = telegram.say({ chat_id: 42, text: 'new' });
    telegram.redeliver(update_id);
    telegram.redeliver(old);
    expect(updateIds(await bot('getUpdates', { offset: old + 1 }))).toEqual([update_id, old, update_id]);
  });

  it('gets nothing while delivery is delayed, and everything afterwards', async () => {
    telegram.holdUpdates();
    telegram.say({ chat_id: 42, text: 'late' });
    expect(updateIds(await bot('getUpdates'))).toEqual([]);
    const polled = bot('getUpdates', { timeout: 20 });
    telegram.releaseUpdates();
    expect(updateIds(await polled)).toHaveLength(1);
  });
});

/** Until so many polls have reached the server. */
async function telegramPolls(count: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (telegram.calls('getUpdates').length < count) {
    if (Date.now() > deadline) throw new Error(`there were no ${count} polls`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
