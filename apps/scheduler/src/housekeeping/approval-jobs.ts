import { setTimeout as delay } from 'node:timers/promises';
import type { WebhookOutbox } from '@actp/services/webhooks/outbox';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Handlers } from '@actp/shared/jobs/worker';
import type { WebhookSender } from './webhooks/webhook-sender.ts';

// A job is only a hint, so it does not wait for all of it: its worker has to stay free for the next one.
const graceMs = 100;

/** The jobs of queue `approval`. */
export function createApprovalJobs(deps: {
  webhookSender: WebhookSender;
  outbox: WebhookOutbox;
  producer: Pick<Producer, 'add'>;
}): Handlers<'approval'> {
  const { webhookSender, outbox, producer } = deps;
  return {
    async 'sync-approval'({ approval_id }) {
      for (const version of await outbox.untried(approval_id)) {
        const jobId = `callback-${approval_id}-${version}`;
        await producer.add('deliver-callback', { approval_id, version }, { jobId });
      }
      return { state: 'done' };
    },
    async 'deliver-callback'({ approval_id }) {
      const late = delay(graceMs, 'under_way' as const, { ref: false });
      const delivery = webhookSender.deliver(approval_id).then(() => 'done' as const);
      return { state: await Promise.race([delivery, late]) };
    },
  };
}
