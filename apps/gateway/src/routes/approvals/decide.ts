import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { decideApproval } from '@actp/services/approvals/decide';
import type { Credentials } from '../../auth/credentials.ts';
import type { AppDeps, AppEnv } from '../../context.ts';
import { defineRoute } from '../../http/define-route.ts';
import { readableText } from '../../http/readable-text.ts';
import { approvalAnswer, contextOf, IdParam, notFound } from './shared.ts';

/** `POST /v1/approvals/{id}/decision`: an operator decides about what they saw. No agent gets here. */
export function decideApprovalRoute(
  app: OpenAPIHono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'approvals'>,
): void {
  app.openapi(
    defineRoute(credentials, ['operator'], {
      method: 'post',
      path: '/v1/approvals/{id}/decision',
      summary: 'Approve or reject',
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
        409: { description: 'Decided before' },
        410: { description: 'Expired' },
        412: { description: 'The digest is of something else' },
      },
    }),
    async (c) => {
      const { decision, action_digest, reason } = c.req.valid('json');
      const approval = await decideApproval(
        deps.approvals,
        c.req.valid('param').id,
        { decision, action_digest, reason: reason ?? null },
        contextOf(c),
      );
      return c.json(approval, 200);
    },
  );
}
