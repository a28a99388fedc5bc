import { z } from '@hono/zod-openapi';
import { resolveApproval } from '@actp/services/approvals/resolve';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { contextOf } from '../../audit/origin.ts';
import { approvalAnswer, IdParam, notFound } from './shared.ts';

/** `POST /v1/approvals/{id}/resolution`: an operator has looked and says whether a redeemed action happened. */
export function resolveApprovalRoute(serve: ServeRoute, deps: Pick<AppDeps, 'approvals'>): void {
  serve(
    {
      operationId: 'resolveApproval',
      callers: ['operator'],
      audit: 'service',
      method: 'post',
      path: '/v1/approvals/{id}/resolution',
      summary: 'Confirm whether a redeemed action happened; what did not is no longer counted against limits',
      tags: ['approvals'],
      request: {
        params: IdParam,
        body: {
          required: true,
          content: { 'application/json': { schema: z.strictObject({ happened: z.boolean() }) } },
        },
      },
      responses: {
        200: approvalAnswer('Recorded'),
        ...notFound,
        409: { description: 'Not redeemed, or an outcome is recorded that says otherwise' },
      },
    },
    async (c, caller) => {
      const { happened } = c.req.valid('json');
      const { id } = c.req.valid('param');
      return c.json(await resolveApproval(deps.approvals, id, happened, contextOf(c, caller)), 200);
    },
  );
}
