import { describe, expect, it } from 'vitest';
import { postWebhook } from './post-webhook.ts';
import { openReceiver } from './receiver.fixture.ts';

const secretPath = '/hook?token=of-somebody';

describe('one attempt at a callback', () => {
  it('is over with the status: an answer without an end is not read', async () => {
    const receiver = await openReceiver();
    let closed: Promise<void> | undefined;
    receiver.answers.push((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(1_000)), 1);
      closed = new Promise((resolve) => {
        response.once('close', () => {
          clearInterval(timer);
          resolve();
        });
      });
    });
    expect(await postWebhook(receiver.origin, {}, '{}')).toEqual({ kind: 'delivered' });
    await closed;
  });

  it('is waited for no longer than its time, and says nothing of the address', async () => {
    const receiver = await openReceiver();
    receiver.answers.push(() => undefined);
    const url = `${receiver.origin}${secretPath}`;
    expect(await postWebhook(url, {}, '{}', 50)).toEqual({ kind: 'failed', reason: 'no answer in time' });
    receiver.answers.push((response) => response.destroy());
    const { reason } = (await postWebhook(url, {}, '{}')) as { reason: string };
    expect(reason).toMatch(/^\w+$/);
  });
});
