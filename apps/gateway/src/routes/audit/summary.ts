import { z } from '@hono/zod-openapi';
import { AuditSummary } from '@actp/db/audit/summary';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { filters } from './filters.ts';

const week = 7 * 24 * 3_600_000;

/** `GET /v1/audit/summary`: what happened since a moment, by default in the last seven days. */
export function auditSummaryRoute(serve: ServeRoute, deps: Pick<AppDeps, 'auditLog'>): void {
  serve(
    {
      operationId: 'summarizeAuditLog',
      callers: ['operator'],
      audit: 'audit.read',
      method: 'get',
      path: '/v1/audit/summary',
      summary: 'Audit summary: top actions, errors, actors, approvals, security events',
      tags: ['audit'],
      request: { query: z.strictObject({ since: filters.since, until: filters.until }) },
      responses: {
        200: {
          description: 'The summary',
          content: {
            'application/json': {
              schema: AuditSummary.extend({ error_rate: z.number() }).openapi('AuditSummary'),
            },
          },
        },
      },
    },
    async (c) => {
      const { since, until = new Date().toISOString() } = c.req.valid('query');
      const from = since ?? new Date(Date.parse(until) - week).toISOString();
      const summary = await deps.auditLog.summary(from, until);
      const error_rate = summary.events === 0 ? 0 : summary.errors / summary.events;
      return c.json({ ...summary, error_rate }, 200);
    },
  );
}
