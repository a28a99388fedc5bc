import { z } from '@hono/zod-openapi';
import { decideApproval } from '@actp/services/approvals/decide';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { readableText } from '../../http/readable-text.ts';
import { contextOf } from '../../audit/origin.ts';
import { approvalAnswer, IdParam, notFound } from './shared.ts';

/** `POST /v1/approvals/{id}/decision`: an operator decides about what they saw. No agent gets here. */
export function decideApprovalRoute(serve: ServeRoute, deps: Pick<AppDeps, 'approvals'>): void {
  serve(
    {
      operationId: 'decideApproval',
      callers: ['operator'],
      audit: 'service',
      method: 'post',
      path: '/v1/approvals/{id}/decision',
      summary: 'Approve or reject an approval',
      tags: ['approvals'],
      request: {
        params: IdParam,
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.strictObject({
                decision: z.enum(['approved', 'rejected']),
                action_digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
                reason: readableText(2_000).optional(),
              }),
            },
          },
        },
      },
      responses: {
        200: approvalAnswer('Decided (or one of several yeses counted)'),
        ...notFound,
        403: {
          description: 'A credential of another kind, or the policy in force denies it (`policy_denied`)',
        },
        409: { description: 'Already decided' },
        410: { description: 'Expired' },
        412: { description: 'Digest mismatch' },
      },
    },
    async (c, caller) => {
      const { decision, action_digest, reason } = c.req.valid('json');
      const approval = await decideApproval(
        deps.approvals,
        c.req.valid('param').id,
        { decision, action_digest, reason: reason ?? null },
        contextOf(c, caller),
      );
      return c.json(approval, 200);
    },
  );
}
