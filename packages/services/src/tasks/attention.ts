import { z } from 'zod';
import type { Db } from '@actp/db/client';

const Attention = z.object({
  now: z.string(),
  open: z.array(z.object({ status: z.string(), tasks: z.int(), since: z.string() })),
  unknown: z.int(),
  effects: z.array(
    z.object({
      id: z.uuid(),
      task_id: z.uuid(),
      kind: z.string(),
      reason: z.string().nullable(),
      since: z.string(),
    }),
  ),
});
export type TaskAttention = z.output<typeof Attention>;

/** What people may have to look at: how many tasks are open, and the oldest effects of which nobody knows whether they happened. */
export async function taskAttention(db: Db, limit: number): Promise<TaskAttention> {
  return Attention.parse(await db.call((client) => client.rpc('task_attention', { p_limit: limit })));
}
