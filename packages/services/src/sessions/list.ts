import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import type { Position } from '../position.ts';

const Time = z.string().transform((text) => new Date(text).toISOString());

/** A live session, as operators see it. */
export const Session = z.object({
  id: z.uuid(),
  kind: z.enum(['api', 'page']),
  email: z.string(),
  name: z.string().nullable(),
  role: z.enum(['user', 'operator']),
  created_at: Time,
  expires_at: Time,
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
});
export type Session = z.output<typeof Session>;

/** A page of live sessions of everybody, newest first, each with its position in the list. */
export async function listSessions(
  db: Db,
  query: { before: Position | undefined; limit: number },
): Promise<Array<{ session: Session; position: Position }>> {
  const rows: unknown = await db.call((client) =>
    client.rpc('list_sessions', {
      p_before_at: nullable(query.before?.at),
      p_before_id: nullable(query.before?.id),
      p_limit: query.limit,
    }),
  );
  return (rows as Array<{ id: string; created_at: string }>).map((row) => ({
    session: Session.parse(row),
    position: { at: row.created_at, id: row.id },
  }));
}
