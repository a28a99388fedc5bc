import { z } from '@hono/zod-openapi';
import {
  FindingSeverity,
  FindingState,
  StoredFinding,
  StoredReview,
} from '@actp/services/findings/finding-schema';
import { listFindings, listReviews } from '@actp/services/findings/list';
import type { AppDeps } from '../app-deps.ts';
import { pageCursor, writeCursor } from '../http/page-cursor.ts';
import { pageLimit } from '../http/page-limit.ts';
import type { ServeRoute } from '../http/serve-route.ts';

const Query = z.strictObject({
  state: FindingState.optional(),
  severity: FindingSeverity.optional(),
  project: z.string().min(1).max(100).optional(),
  cursor: pageCursor(/^[\da-f-]{36}$/),
  limit: pageLimit(100, 20),
});

const Time = z.iso.datetime();
const Finding = StoredFinding.extend({ first_seen_at: Time, last_seen_at: Time }).openapi('Finding');
const Review = StoredReview.extend({ finished_at: Time }).openapi('Review');

/** `GET /v1/findings`: what the supply-chain review has found, newest first, and how far each source could look. */
export function findingsRoute(serve: ServeRoute, deps: Pick<AppDeps, 'db'>): void {
  serve(
    {
      operationId: 'listFindings',
      callers: ['operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/findings',
      summary: 'List findings of the supply-chain review, and the last look of each source',
      tags: ['findings'],
      request: { query: Query },
      responses: {
        200: {
          description:
            'A page, newest first; the reviews are those of all projects, or of the one that was asked for',
          content: {
            'application/json': {
              schema: z.object({
                findings: z.array(Finding),
                reviews: z.array(Review),
                next_cursor: z.string().nullable(),
              }),
            },
          },
        },
      },
    },
    async (c) => {
      const { cursor, limit, ...filter } = c.req.valid('query');
      // One more than asked for: it says whether there is a next page.
      const [rows, reviews] = await Promise.all([
        listFindings(deps.db, { ...filter, before: cursor, limit: limit + 1 }),
        listReviews(deps.db, filter.project),
      ]);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return c.json(
        {
          findings: rows.slice(0, limit).map(({ finding }) => finding),
          reviews,
          next_cursor: last ? writeCursor(last.position) : null,
        },
        200,
      );
    },
  );
}
