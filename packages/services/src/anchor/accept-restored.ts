import { z } from 'zod';
import type { Db } from '@actp/db/client';

const Facts = z.object({
  code: z.string(),
  reason: z.string(),
  /** Approvals that are open, and those that were given and not redeemed. */
  pending: z.int(),
  granted: z.int(),
  tasks: z.int(),
  sessions: z.int(),
  effects: z.array(z.object({ id: z.string(), task_id: z.string(), action: z.string(), key: z.string() })),
  stopped: z.array(z.string()),
});
/** What accepting a restored database makes void, and stops. */
export type AcceptedFacts = z.infer<typeof Facts>;

const Result = z.discriminatedUnion('result', [
  Facts.extend({ result: z.literal('accepted') }),
  Facts.extend({ result: z.literal('would_accept') }),
  z.object({ result: z.literal('not_held') }),
  z.object({ result: z.literal('not_compared') }),
  z.object({ result: z.literal('signing_key'), reason: z.string() }),
]);
export type AcceptResult = z.infer<typeof Result>;

/**
 * An operator at the machine takes a restored database for the plane.
 *
 * @param request.by who does it, for the audit log: the name of the system's user
 * @param request.dryRun only says what would be done
 */
export async function acceptRestored(
  db: Db,
  request: { by: string; newSigningKey: boolean; dryRun: boolean },
): Promise<AcceptResult> {
  return Result.parse(
    await db.call((client) =>
      client.rpc('accept_restored_plane', {
        p_actor: `system:${request.by}`.slice(0, 100),
        p_new_signing_key: request.newSigningKey,
        p_dry_run: request.dryRun,
        p_context: {},
      }),
    ),
  );
}
