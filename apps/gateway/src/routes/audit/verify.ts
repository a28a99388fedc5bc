import { z } from '@hono/zod-openapi';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';

const Bad = z.object({
  day: z.string().optional(),
  lane: z.int().optional(),
  seq: z.int().optional(),
  id: z.int().optional(),
  event_id: z.string().optional(),
  checkpoint: z.int().optional(),
  reason: z.string(),
  found: z.string().optional(),
});

const Verification = z
  .object({
    ok: z.boolean(),
    checked: z.int(),
    first_bad: Bad.nullable(),
    problems: z.array(Bad.extend({ acknowledged: z.int().nullable() })),
    damage: z.string().nullable(),
    head: z.object({ day: z.string(), lane: z.int(), seq: z.int(), hash: z.string() }).nullable(),
    checkpoint: z.object({ n: z.int(), signed: z.boolean() }).nullable(),
  })
  .openapi('AuditVerification');

/** `GET /v1/audit/verify`: whether the log is what it was. */
export function verifyAuditRoute(serve: ServeRoute, deps: Pick<AppDeps, 'auditLog'>): void {
  serve(
    {
      operationId: 'verifyAuditLog',
      callers: ['operator'],
      audit: 'audit.verify',
      method: 'get',
      path: '/v1/audit/verify',
      summary: 'Verify every row, chain and signed checkpoint',
      tags: ['audit'],
      responses: {
        200: {
          description: 'The result; takes some seconds for each million rows',
          content: { 'application/json': { schema: Verification } },
        },
      },
    },
    async (c) => c.json(await deps.auditLog.verify(), 200),
  );
}
