import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import type { Webhook, WebhookOutbox } from '@actp/services/webhooks/outbox';
import { eventually } from '@actp/testing/eventually';
import { openReceiver } from './receiver.fixture.ts';
import { createWebhookSender } from './webhook-sender.ts';

it('a sender that stops ends the attempt under way and begins no other: what it had taken is due again later', async () => {
  const receiver = await openReceiver();
  const held: ServerResponse[] = [];
  receiver.answers.push((response) => void held.push(response));
  const due = [2, 3].map((version) => ({
    approval_id: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11',
    version,
    type: 'approved',
    at: '2026-11-22T08:00:00Z',
    url: receiver.origin,
    attempt: 1,
    // Of the approval itself only that it is sent matters.
    approval: {} as Webhook['approval'],
    traceparent: null,
  }));
  const delivered: number[] = [];
  const outbox: Partial<WebhookOutbox> = {
    claim: async () => due.splice(0),
    delivered: async ({ version }) => void delivered.push(version) as never,
  };
  const sender = createWebhookSender({
    outbox: outbox as WebhookOutbox,
    origins: [receiver.origin],
    secrets: [`whsec_${Buffer.from('a key of callbacks in tests, 32 b').toString('base64')}`],
    log: createLogger({ app: 'test', level: 'silent' }),
    now: Date.now,
  });
  sender.wake();
  await eventually(() => held.length === 1);
  const stopped = sender.stop();
  for (const response of held) response.writeHead(204).end();
  await stopped;
  expect(delivered).toEqual([2]);
  expect(receiver.received).toHaveLength(1);
});
