import { callbackUrlProblem } from '@actp/shared/approvals/callback-url';
import { webhookHeaders } from '@actp/shared/standard-webhooks';
import type { Logger } from '@actp/shared/log';
import { createOutageLog } from '@actp/shared/outage-log';
import { createCoalescingLoop } from '@actp/shared/coalescing-loop';
import { span, type TraceCarrier } from '@actp/shared/telemetry/tracer';
import { traceOfApproval } from '@actp/services/approvals/trace';
import type { Webhook, WebhookOutbox } from '@actp/services/webhooks/outbox';
import { postWebhook, type PostResult } from './post-webhook.ts';
import { pauseAfter } from './retry-schedule.ts';

export interface WebhookSenderDeps {
  outbox: WebhookOutbox;
  /** Where webhooks may go. Checked for every delivery: the settings may have changed since the approval was made. */
  origins: readonly string[];
  /** Sign them, each by itself: one, and that of before while it is rotated. There when there are origins. */
  secrets: readonly string[];
  log: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface WebhookSender {
  /** Soon delivers everything that is due. */
  wake(): void;
  /** Delivers what is due for one approval. */
  deliver(approvalId: string): Promise<void>;
  /** Ends after the attempts under way. */
  stop(): Promise<void>;
}

const batch = 20;

/** Posts changes to webhook URLs as webhooks: at least once each, signed, for about a day. Nothing else waits for it. */
export function createWebhookSender({
  outbox,
  origins,
  secrets,
  log,
  now,
}: WebhookSenderDeps): WebhookSender {
  const underWay = new Set<Promise<void>>();
  const loop = createCoalescingLoop(
    async () => {
      const webhooks = await outbox.claim(batch);
      await postAll(webhooks);
      return webhooks.length === batch ? 0 : undefined;
    },
    createOutageLog(log, 'webhooks wait: the database is unavailable'),
  );

  async function post(webhook: Webhook): Promise<void> {
    const { approval_id, version, attempt, url } = webhook;
    const facts = { approval_id, version, attempt };
    if (secrets.length === 0 || callbackUrlProblem(url, origins) !== undefined) {
      log.error(facts, 'callback_url is not on one of CALLBACK_ORIGINS');
      await outbox.givenUp(webhook, 'not on one of CALLBACK_ORIGINS');
      return;
    }
    const body = bodyOf(webhook);
    // The same id for every attempt: a receiver that has it already can tell.
    const id = `approval-${approval_id}-${version}`;
    const headers = webhookHeaders(secrets, { id, timestamp: Math.floor(now() / 1_000), content: body });
    const result = await traced(webhook, (trace) => postWebhook(url, { ...headers, ...trace }, body));
    if (result.kind === 'delivered') {
      await outbox.delivered(webhook);
      log.info(facts, 'webhook delivered');
      return;
    }
    const seconds = result.kind === 'never' ? undefined : pauseAfter(attempt);
    log.warn({ ...facts, reason: result.reason, retry_seconds: seconds }, 'webhook failed');
    if (seconds === undefined) await outbox.givenUp(webhook, result.reason);
    else await outbox.retry(webhook, result.reason, seconds);
  }

  // Changes of one approval go in their order, those of different ones side by side.
  async function postAll(webhooks: readonly Webhook[]): Promise<void> {
    const byApproval = Map.groupBy(webhooks, ({ approval_id }) => approval_id);
    const posts = [...byApproval.values()].map(async (own) => {
      // What is left when we stop was taken for a while only, and is due again then.
      for (const webhook of own) if (!loop.stopped.aborted) await post(webhook);
    });
    const results = await Promise.allSettled(posts);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  return {
    wake: loop.wake,
    deliver(approvalId) {
      const work = outbox.claim(batch, approvalId).then(postAll);
      const settled = work.catch(() => undefined);
      underWay.add(settled);
      void settled.then(() => underWay.delete(settled));
      return work;
    },
    async stop() {
      await Promise.all([loop.stop(), ...underWay]);
    },
  };
}

// The receiver's own work belongs to the trace in which the approval was asked for.
function traced(webhook: Webhook, post: (trace: Partial<TraceCarrier>) => Promise<PostResult>) {
  const attributes = { 'server.address': new URL(webhook.url).host, 'actp.approval_id': webhook.approval_id };
  const options = { kind: 'client', attributes, parent: traceOfApproval(webhook) } as const;
  return span('webhook', options, async ({ carrier, fail }) => {
    const result = await post(carrier() ?? {});
    if (result.kind !== 'delivered') fail(result.reason);
    return result;
  });
}

function bodyOf({ type, at, approval }: Webhook): string {
  return JSON.stringify({ type: `approval.${type}`, timestamp: new Date(at).toISOString(), approval });
}
