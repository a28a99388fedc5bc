import { z } from 'zod';
import type { Db } from '@actp/db/client';

const ApprovalEvents = z.array(z.object({ version: z.int(), type: z.string() }));

/** What happened to an approval after a version, oldest first. */
export async function readApprovalEvents(db: Db, id: string, afterVersion: number) {
  return ApprovalEvents.parse(
    await db.call((client) => client.rpc('approval_events', { p_id: id, p_after_version: afterVersion })),
  );
}
