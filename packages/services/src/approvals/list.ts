import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import type { Position } from '../position.ts';
import { Approval, type ApprovalStatus } from './approval-schema.ts';

/**
 * A page of approvals, newest first, each with its position in the list. It is shorter than `limit` when the details are large; the last one then
 * says `cut`: there are more behind it.
 */
export async function listApprovals(
  db: Db,
  query: {
    status: ApprovalStatus | undefined;
    before: Position | undefined;
    limit: number;
    /** Only what this agent has asked for. */
    agent?: string | undefined;
  },
): Promise<Array<{ approval: Approval; position: Position; cut: boolean }>> {
  const rows: unknown = await db.call((client) =>
    client.rpc('list_approvals', {
      p_status: nullable(query.status),
      p_before_at: nullable(query.before?.at),
      p_before_id: nullable(query.before?.id),
      p_limit: query.limit,
      ...(query.agent !== undefined && { p_agent: query.agent }),
    }),
  );
  return (rows as Array<{ id: string; created_at: string; cut?: boolean }>).map((row) => ({
    approval: Approval.parse(row),
    position: { at: row.created_at, id: row.id },
    cut: row.cut === true,
  }));
}
