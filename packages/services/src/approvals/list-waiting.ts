import { z } from 'zod';
import type { Db } from '@actp/db/client';

const Waiting = z.object({
  now: z.string(),
  waiting: z.int(),
  approvals: z.array(
    z.object({
      id: z.uuid(),
      action: z.string(),
      requested_by: z.string(),
      agent_id: z.string(),
      created_at: z.string(),
      expires_at: z.string(),
    }),
  ),
});
export type WaitingApprovals = z.output<typeof Waiting>;

/** How many approvals are pending, and those that expire first. */
export async function listWaitingApprovals(db: Db, limit: number): Promise<WaitingApprovals> {
  return Waiting.parse(await db.call((client) => client.rpc('waiting_approvals', { p_limit: limit })));
}
