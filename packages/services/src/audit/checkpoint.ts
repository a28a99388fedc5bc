import { z } from 'zod';
import { Head, type Checkpoint } from '@actp/db/audit/checkpoint';
import type { Db } from '@actp/db/client';

/** The ends of the chains: of one day, or of all days that are open. */
export async function readHeads(db: Db, day?: string): Promise<Head[]> {
  const heads = await db.call((client) => client.rpc('audit_heads', day === undefined ? {} : { p_day: day }));
  return z.array(Head).parse(heads);
}

/** Stores a signed checkpoint; false when another auditor has stored this number first. */
export const recordCheckpoint = (db: Db, { n, payload, signature }: Checkpoint): Promise<boolean> =>
  db.call((client) =>
    client.rpc('record_audit_checkpoint', { p_n: n, p_payload: payload, p_signature: signature }),
  );
