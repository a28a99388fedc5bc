import { inspect } from 'node:util';
import { Api } from 'grammy';
import { createTelegramServer } from '@actp/testing/telegram/server';
import { expect, it } from 'vitest';
import { UnavailableError } from '@actp/shared/errors';
import { clientOptions, hideAddress, withCallTimeout } from './api-client.ts';

const token = '4242424242:token-of-the-api-client-tests-0001';

it('no error of a call holds the token, however deep one looks', async () => {
  const telegram = await createTelegramServer({ token });
  const api = new Api(token, clientOptions({ token, apiRoot: telegram.url }, 1));
  api.config.use(hideAddress);
  const failures: unknown[] = [];
  const fail = async () => {
    const error: unknown = await api.getMe().catch((thrown: unknown) => thrown);
    failures.push(error);
  };
  telegram.faults.add({ effect: 'reset', times: 1 });
  await fail();
  telegram.faults.add({ effect: 'garbage', times: 1 });
  await fail();
  telegram.faults.add({ effect: 'hang', times: 1 });
  await fail();
  telegram.faults.add({ effect: 'error', code: 502, times: 1 });
  await fail();
  await telegram.stop();
  await fail();
  expect(failures.filter((error) => error instanceof Error)).toHaveLength(5);
  expect(failures.filter((error) => error instanceof UnavailableError)).toHaveLength(4);
  for (const error of failures) {
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(token);
  }
});

it('a call that hangs ends soon; a long poll may wait', async () => {
  const telegram = await createTelegramServer({ token, chats: [{ id: 42 }] });
  const api = new Api(token, clientOptions({ token, apiRoot: telegram.url }, 30));
  api.config.use(withCallTimeout(0.05), hideAddress);
  telegram.faults.add({ effect: 'hang', when: 'after', method: 'sendMessage', times: 1 });
  await expect(api.sendMessage(42, 'x')).rejects.toThrow('Telegram is unavailable');
  telegram.faults.add({ effect: 'slow', ms: 100, method: 'getUpdates', times: 1 });
  expect(await api.getUpdates()).toEqual([]);
  await telegram.stop();
});
