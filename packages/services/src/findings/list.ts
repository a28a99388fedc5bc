import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import type { Position } from '../position.ts';
import { StoredFinding, StoredReview } from './finding-schema.ts';

const Place = z.object({ first_seen_at: z.string(), id: z.uuid() });

export interface FindingQuery {
  state?: StoredFinding['state'] | undefined;
  severity?: StoredFinding['severity'] | undefined;
  project?: string | undefined;
  before?: Position | undefined;
  limit: number;
}

/** A page of findings, newest first, each with its position in the list. */
export async function listFindings(
  db: Db,
  query: FindingQuery,
): Promise<Array<{ finding: StoredFinding; position: Position }>> {
  const rows: unknown = await db.call((client) =>
    client.rpc('list_findings', {
      p_state: nullable(query.state),
      p_severity: nullable(query.severity),
      p_project: nullable(query.project),
      p_before_at: nullable(query.before?.at),
      p_before_id: nullable(query.before?.id),
      p_limit: query.limit,
    }),
  );
  return z
    .array(z.unknown())
    .parse(rows)
    .map((row) => {
      const { first_seen_at, id } = Place.parse(row);
      return { finding: StoredFinding.parse(row), position: { at: first_seen_at, id } };
    });
}

/** The last look of each source at each project, or at one. */
export async function listReviews(db: Db, project?: string): Promise<StoredReview[]> {
  const rows: unknown = await db.call((client) =>
    client.rpc('list_reviews', { p_project: nullable(project) }),
  );
  return z.array(StoredReview).parse(rows);
}
