import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { Approval } from '../approvals/approval-schema.ts';
import { Traced } from '../approvals/trace.ts';

const Claimed = z.array(
  z.object({
    approval_id: z.uuid(),
    version: z.int(),
    type: z.string(),
    at: z.string(),
    url: z.string(),
    /** Which attempt this is, from 1. */
    attempt: z.int(),
    approval: Approval,
    ...Traced.shape,
  }),
);
/** A change of an approval that its callback_url has to hear of. */
export type Webhook = z.output<typeof Claimed>[number];

// Longer than an attempt takes, so that nobody else begins meanwhile; what a dead process held is due again after it.
const holdSeconds = 30;

export type WebhookOutbox = ReturnType<typeof createWebhookOutbox>;

/** Webhooks in the database: what is due, and what became of it. */
export function createWebhookOutbox(db: Db) {
  const record = (webhook: Webhook, state: string, error: string | null, retrySeconds: number) =>
    db.call((client) =>
      client.rpc('record_callback', {
        p_approval_id: webhook.approval_id,
        p_version: webhook.version,
        p_state: state,
        p_error: nullable(error),
        p_retry_seconds: retrySeconds,
      }),
    );
  return {
    /** Takes what is due, for this process alone; of one approval when an id is given. */
    async claim(limit: number, approvalId?: string): Promise<Webhook[]> {
      const claimed = await db.call((client) =>
        client.rpc('claim_callbacks', {
          p_approval_id: nullable(approvalId),
          p_seconds: holdSeconds,
          p_limit: limit,
        }),
      );
      return Claimed.parse(claimed);
    },
    /** The changes of one approval that nobody has tried to deliver yet. */
    async untried(approvalId: string): Promise<number[]> {
      const rows = await db.call((client) =>
        client
          .from('actp_approval_callbacks')
          .select('version')
          .eq('approval_id', approvalId)
          .eq('state', 'waiting')
          .eq('attempts', 0)
          .order('version'),
      );
      return rows.map(({ version }) => version);
    },
    delivered: (webhook: Webhook) => record(webhook, 'delivered', null, 0),
    givenUp: (webhook: Webhook, reason: string) => record(webhook, 'given_up', reason, 0),
    retry: (webhook: Webhook, reason: string, seconds: number) => record(webhook, 'waiting', reason, seconds),
  };
}
