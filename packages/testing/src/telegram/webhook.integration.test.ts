import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBotClient, updateIds } from './bot-client.ts';
import { createTelegramServer, type TelegramServer } from './server.ts';

const token = '4242:stand-in-token-for-tests-0004';
let telegram: TelegramServer;
let bot: ReturnType<typeof createBotClient>;
let receiver: Server;
let received: IncomingHttpHeaders[];
let statuses: number[];
let url: string;

beforeEach(async () => {
  telegram = await createTelegramServer({ token });
  bot = createBotClient(telegram);
  received = [];
  statuses = [];
  receiver = createServer((request, response) => {
    received.push(request.headers);
    request.resume();
    response.writeHead(statuses.shift() ?? 200).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  await telegram.stop();
  receiver.close();
  receiver.closeAllConnections();
});

describe('a webhook', () => {
  it('gets each update with the secret header, again until it is taken', async () => {
    statuses = [500];
    telegram.say({ chat_id: 42, text: 'hi' });
    await bot('setWebhook', { url, secret_token: 'only-telegram-knows' });
    await until(() => received.length === 2 && telegram.pendingUpdates().length === 0);
    expect(received.map((h) => h['x-telegram-bot-api-secret-token'])).toEqual([
      'only-telegram-knows',
      'only-telegram-knows',
    ]);
    expect(await bot('getWebhookInfo')).toMatchObject({
      result: {
        url,
        pending_update_count: 0,
        last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
      },
    });
  });

  it('and long polling exclude each other', async () => {
    const polled = bot('getUpdates', { timeout: 20 });
    await until(() => telegram.calls('getUpdates').length === 1);
    await bot('setWebhook', { url });
    expect((await polled).description).toBe('Conflict: terminated by setWebhook request');
    expect(await bot('getUpdates')).toMatchObject({
      error_code: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    await bot('deleteWebhook');
    expect(updateIds(await bot('getUpdates'))).toEqual([]);
  });

  it('must be https, or on loopback', async () => {
    expect((await bot('setWebhook', { url: 'http://example.org' })).description).toContain('HTTPS');
    expect((await bot('setWebhook', { url, secret_token: 'a b' })).description).toContain('secret');
  });

  it('that is deleted with its updates leaves none', async () => {
    telegram.say({ chat_id: 42, text: 'hi' });
    await bot('deleteWebhook', { drop_pending_updates: true });
    expect(updateIds(await bot('getUpdates'))).toEqual([]);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('it did not come to pass within a minute');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
