import { cancelApproval } from '@actp/services/approvals/cancel';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { contextOf } from '../../audit/origin.ts';
import { approvalAnswer, IdParam, notFound } from './shared.ts';

/** `POST /v1/approvals/{id}/cancel`: the agent no longer wants it. */
export function cancelApprovalRoute(serve: ServeRoute, deps: Pick<AppDeps, 'approvals'>): void {
  serve(
    {
      operationId: 'cancelApproval',
      callers: ['agent'],
      audit: 'service',
      asItself: 'acts',
      method: 'post',
      path: '/v1/approvals/{id}/cancel',
      summary: 'Cancel an approval',
      tags: ['approvals'],
      request: { params: IdParam },
      responses: {
        200: approvalAnswer('Cancelled'),
        ...notFound,
        409: { description: 'Already decided' },
        410: { description: 'Expired' },
      },
    },
    async (c, caller) =>
      c.json(await cancelApproval(deps.approvals, c.req.valid('param').id, contextOf(c, caller)), 200),
  );
}
