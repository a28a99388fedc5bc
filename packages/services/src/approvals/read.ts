import type { Db } from '@actp/db/client';
import { AppError } from '@actp/shared/errors';
import { Approval } from './approval-schema.ts';

/** One approval as it is now. @throws AppError `not_found` */
export async function readApproval(db: Db, id: string): Promise<Approval> {
  const row: unknown = await db.call((client) => client.rpc('read_approval', { p_id: id }));
  if (row === null) throw new AppError('not_found', 'no such approval');
  return Approval.parse(row);
}
