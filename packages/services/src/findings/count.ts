import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { FindingSeverity } from './finding-schema.ts';

const Count = z.object({
  project: z.string(),
  severity: FindingSeverity,
  state: z.enum(['open', 'accepted']),
  count: z.int(),
});
export type FindingCount = z.infer<typeof Count>;

/** How many findings are open or accepted, by project and severity. */
export async function countFindings(db: Db): Promise<FindingCount[]> {
  const rows: unknown = await db.call((client) => client.rpc('count_findings'));
  return z.array(Count).parse(rows);
}
