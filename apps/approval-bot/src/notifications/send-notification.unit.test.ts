import { createLogger } from '@actp/shared/log';
import { JobDeferred, type JobContext } from '@actp/shared/jobs/worker';
import { expect, it } from 'vitest';
import type { NotificationOutbox } from '@actp/services/notifications/outbox';
import { createSendNotification } from './send-notification.ts';

const payload = { notification_id: '7da7536e-9cd5-47e7-8488-486860dbef39' };
const context = {
  job: {} as JobContext<'send-notification'>['job'], // not looked at
  name: 'send-notification' as const,
  log: createLogger({ app: 'test', level: 'silent' }),
  signal: new AbortController().signal,
};
const outbox = {
  stateOf: () => Promise.resolve('pending'),
} as Partial<NotificationOutbox> as NotificationOutbox;

it('leaves the worker to others while a round of many messages is under way', async () => {
  const notificationSender = {
    deliver: () => new Promise<number>(() => undefined),
    stop: () => Promise.resolve(),
  };
  const send = createSendNotification({ notificationSender, outbox });
  await expect(send(payload, context)).rejects.toBeInstanceOf(JobDeferred);
});
