import { z } from 'zod';
import type { AuditRow } from '@actp/shared/audit/event';
import type { Db } from '../client.ts';
import type { Json } from '../database-types.ts';

const Written = z.object({ written: z.int(), known: z.int() });

/**
 * Writes events that were redacted before, in one call; those whose `event_id` is known already are left out.
 *
 * @param rows up to 500
 */
export async function writeAuditEvents(
  db: Db,
  rows: readonly AuditRow[],
): Promise<{ written: number; known: number }> {
  // Rows are JSON by their schema; the generated type does not know a list that may not be changed.
  const answer = await db.call((client) =>
    client.rpc('write_audit_events', { p_events: rows as unknown as Json }),
  );
  return Written.parse(answer);
}
