import type { OpenAPIHono } from '@hono/zod-openapi';
import { cancelApproval } from '@actp/services/approvals/cancel';
import type { Credentials } from '../../auth/credentials.ts';
import type { AppDeps, AppEnv } from '../../context.ts';
import { defineRoute } from '../../http/define-route.ts';
import { approvalAnswer, contextOf, IdParam, notFound } from './shared.ts';

/** `POST /v1/approvals/{id}/cancel`: the agent no longer wants it. */
export function cancelApprovalRoute(
  app: OpenAPIHono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'approvals'>,
): void {
  app.openapi(
    defineRoute(credentials, ['agent'], {
      method: 'post',
      path: '/v1/approvals/{id}/cancel',
      summary: 'Take the question back',
      tags: ['approvals'],
      request: { params: IdParam },
      responses: {
        200: approvalAnswer('Cancelled'),
        ...notFound,
        409: { description: 'Decided before' },
        410: { description: 'Expired' },
      },
    }),
    async (c) => c.json(await cancelApproval(deps.approvals, c.req.valid('param').id, contextOf(c)), 200),
  );
}
