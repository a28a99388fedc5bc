import { setTimeout as delay } from 'node:timers/promises';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Handlers } from '@actp/shared/jobs/worker';
import type { WebhookOutbox } from '@actp/services/webhooks/outbox';
import type { WebhookSender } from '../webhooks/webhook-sender.ts';
import type { CardSender } from './card-sender/card-sender.ts';

// A job is only a hint, so it does not wait for all of it: its worker has to stay free for the next one.
const graceMs = 100;

/** The jobs of queue `approval`. */
export function createApprovalJobs(deps: {
  cardSender: CardSender | undefined;
  webhookSender: WebhookSender;
  outbox: WebhookOutbox;
  producer: Producer;
}): Handlers<'approval'> {
  const { cardSender, webhookSender, outbox, producer } = deps;
  return {
    async 'sync-approval'({ approval_id }) {
      cardSender?.wake();
      for (const version of await outbox.untried(approval_id)) {
        const jobId = `callback-${approval_id}-${version}`;
        await producer.add('deliver-callback', { approval_id, version }, { jobId });
      }
      return withinGrace(cardSender?.settled());
    },
    'deliver-callback': ({ approval_id }) => withinGrace(webhookSender.deliver(approval_id)),
  };
}

async function withinGrace(work: Promise<void> | undefined): Promise<{ state: 'done' | 'under_way' }> {
  const late = delay(graceMs, 'under_way' as const, { ref: false });
  return { state: await Promise.race([Promise.resolve(work).then(() => 'done' as const), late]) };
}
