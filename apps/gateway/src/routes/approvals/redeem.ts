import { z } from '@hono/zod-openapi';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { contextOf } from '../../audit/origin.ts';
import { Action, assertDetailsFit, Details, IdParam, notFound } from './shared.ts';

const Grant = z.object({ grant_id: z.uuid(), redeemed_at: z.iso.datetime() }).openapi('Grant');

/** `POST /v1/approvals/{id}/redeem`: the permission is handed out, once, for exactly what was approved. */
export function redeemApprovalRoute(serve: ServeRoute, deps: Pick<AppDeps, 'redeem' | 'assertSigned'>): void {
  serve(
    {
      operationId: 'redeemApproval',
      callers: ['agent'],
      audit: 'service',
      asItself: 'acts',
      method: 'post',
      path: '/v1/approvals/{id}/redeem',
      summary: 'Redeem an approval',
      description:
        'With SIGNING_REQUIRED the call carries `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks) over `<method>.<path>.<body>`.',
      tags: ['approvals'],
      request: {
        params: IdParam,
        body: {
          required: true,
          content: { 'application/json': { schema: z.strictObject({ action: Action, details: Details }) } },
        },
      },
      responses: {
        200: {
          description: 'The grant: the action may be done now',
          content: { 'application/json': { schema: Grant } },
        },
        ...notFound,
        403: {
          description: 'A credential of another kind, or the policy in force denies it (`policy_denied`)',
        },
        409: { description: 'Not approved, or already redeemed' },
        410: { description: 'Expired, or the grant time is over' },
        412: { description: 'Not what was approved' },
      },
    },
    async (c, caller) => {
      await deps.assertSigned(c);
      const payload = c.req.valid('json');
      assertDetailsFit(payload.details);
      const { id } = c.req.valid('param');
      return c.json(await deps.redeem(id, payload, contextOf(c, caller)), 200);
    },
  );
}
