import { z } from '@hono/zod-openapi';
import type { AppDeps } from '../../app-deps.ts';
import { readableText } from '../../http/readable-text.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { contextOf } from '../../audit/origin.ts';

const digestRule = 'must be the damage that GET /v1/audit/verify names: 64 hexadecimal digits';
const reasonRule = 'must say why, in 1 to 500 characters';

const Body = z.strictObject({
  damage: z.string(digestRule).regex(/^[0-9a-f]{64}$/, digestRule),
  reason: z
    .string(reasonRule)
    .pipe(readableText(500))
    .refine((text) => text !== '', reasonRule),
});

const Acknowledged = z.object({ id: z.int(), acknowledged_at: z.string() }).openapi('AuditAcknowledgement');

/** `POST /v1/audit/acknowledgements`: an operator has looked at damage, and checkpoints go on behind it. */
export function acknowledgeAuditRoute(serve: ServeRoute, deps: Pick<AppDeps, 'auditLog'>): void {
  serve(
    {
      operationId: 'acknowledgeAuditDamage',
      callers: ['operator'],
      audit: 'service',
      method: 'post',
      path: '/v1/audit/acknowledgements',
      summary: 'Acknowledge damage in the audit log, so that checkpoints continue',
      tags: ['audit'],
      request: { body: { required: true, content: { 'application/json': { schema: Body } } } },
      responses: {
        201: {
          description: 'Acknowledged; reports keep naming the damage',
          content: { 'application/json': { schema: Acknowledged } },
        },
        409: { description: 'Nothing is damaged, or something else than what was looked at' },
      },
    },
    async (c, caller) =>
      c.json(await deps.auditLog.acknowledge(c.req.valid('json'), contextOf(c, caller)), 201),
  );
}
