import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import type { Position } from '../position.ts';
import { Operator } from './operator.ts';

/** A page of operators, newest first, each with its position in the list. */
export async function listOperators(
  db: Db,
  query: { before: Position | undefined; limit: number },
): Promise<Array<{ operator: Operator; position: Position }>> {
  const rows: unknown = await db.call((client) =>
    client.rpc('list_operators', {
      p_before_at: nullable(query.before?.at),
      p_before_id: nullable(query.before?.id),
      p_limit: query.limit,
    }),
  );
  return (rows as Array<{ id: string; created_at: string }>).map((row) => ({
    operator: Operator.parse(row),
    position: { at: row.created_at, id: row.id },
  }));
}
