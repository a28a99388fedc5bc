import { z } from 'zod';
import type { Db } from '@actp/db/client';
import type { Json } from '@actp/db/database-types';

const Recorded = z.object({ recorded: z.boolean(), notification_id: z.uuid().nullable() });

/**
 * Stores a snapshot and its message to the operators in one transaction; a repeat changes nothing.
 *
 * @param alert the message: problem, recovery or note
 * @returns `recorded`: false when the run had been ended before
 */
export async function storeSnapshot(db: Db, snapshot: object, alert: object) {
  return Recorded.parse(
    await db.call((client) =>
      client.rpc('record_snapshot', { p_snapshot: asJson(snapshot), p_alert: asJson(alert) }),
    ),
  );
}

/** The status of a run's snapshot; undefined when it has none. */
export async function snapshotStatus(db: Db, runId: string): Promise<string | undefined> {
  const [row] = await db.call((client) =>
    client.from('actp_agent_health_snapshots').select('status').eq('run_id', runId),
  );
  return row?.status;
}

/** Both are made of plain records, lists, text and numbers only; an interface has no index signature to say so. */
const asJson = (value: object): Json => ({ ...value });
