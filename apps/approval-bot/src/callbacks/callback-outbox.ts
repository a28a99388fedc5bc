import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { Approval } from '@actp/shared/approvals/approval';

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
  }),
);
/** A change that an approval's callback_url has to be told. */
export type Callback = z.output<typeof Claimed>[number];

// Longer than an attempt takes, so that nobody else begins meanwhile; what a dead process held comes back after it.
const holdSeconds = 30;

export type CallbackOutbox = ReturnType<typeof createCallbackOutbox>;

/** Callbacks in the database: what is due, and what became of it. */
export function createCallbackOutbox(db: Db) {
  const record = (callback: Callback, state: string, error: string | null, retrySeconds: number) =>
    db.call((client) =>
      client.rpc('record_callback', {
        p_approval_id: callback.approval_id,
        p_version: callback.version,
        p_state: state,
        // The generated types do not know that it may be null.
        p_error: error as string,
        p_retry_seconds: retrySeconds,
      }),
    );
  return {
    /** Takes what is due, for this process alone; of one approval when an id is given. */
    async claim(limit: number, approvalId?: string): Promise<Callback[]> {
      const claimed = await db.call((client) =>
        client.rpc('claim_callbacks', {
          p_approval_id: (approvalId ?? null) as string,
          p_seconds: holdSeconds,
          p_limit: limit,
        }),
      );
      return Claimed.parse(claimed);
    },
    /** The changes of one approval of which nobody has tried to tell yet. */
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
    delivered: (callback: Callback) => record(callback, 'delivered', null, 0),
    givenUp: (callback: Callback, reason: string) => record(callback, 'given_up', reason, 0),
    retry: (callback: Callback, reason: string, seconds: number) =>
      record(callback, 'waiting', reason, seconds),
  };
}
