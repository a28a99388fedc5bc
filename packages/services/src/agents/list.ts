import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import type { Position } from '../position.ts';
import { Agent } from './agent-schema.ts';

/** A page of agents, newest first, each with its position in the list. */
export async function listAgents(
  db: Db,
  query: { before: Position | undefined; limit: number },
): Promise<Array<{ agent: Agent; position: Position }>> {
  const rows: unknown = await db.call((client) =>
    client.rpc('list_agents', {
      p_before_at: nullable(query.before?.at),
      p_before_id: nullable(query.before?.id),
      p_limit: query.limit,
    }),
  );
  return (rows as Array<{ id: string; created_at: string }>).map((row) => ({
    agent: Agent.parse(row),
    position: { at: row.created_at, id: row.id },
  }));
}
