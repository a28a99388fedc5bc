import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '@actp/shared/errors';
import { JobDeferred, type Handlers } from '@actp/shared/jobs/worker';
import type { NotificationSender } from './notification-sender.ts';
import type { NotificationOutbox } from '@actp/services/notifications/outbox';

// While the database is away.
const databasePauseMs = 3_000;
// A message that came while a round was ending is taken by the next one.
const nextRoundMs = 200;
// A round takes a second for each message. Jobs that wait for its end would fill the worker, which has to answer canaries
// within 1.4 s; the round goes on without them.
const waitMs = 400;
const lookAgainMs = 2_000;

/**
 * Job `send-notification`: makes deliveries happen now. An outage delays it, however long, and never fails it: the job
 * stays until its message is sent.
 */
export function createSendNotification(deps: {
  notificationSender: NotificationSender;
  outbox: NotificationOutbox;
}): Handlers<'notify'>['send-notification'] {
  return async ({ notification_id }) => {
    try {
      const round = deps.notificationSender.deliver();
      round.catch(() => undefined); // when nobody waits for it any more
      const again = await Promise.race([round, delay(waitMs, lookAgainMs, { ref: false })]);
      const state = await deps.outbox.stateOf(notification_id);
      if (state !== 'pending') return { state };
      throw new JobDeferred(Math.max(again, nextRoundMs));
    } catch (error) {
      if (error instanceof UnavailableError) throw new JobDeferred(databasePauseMs);
      throw error;
    }
  };
}
