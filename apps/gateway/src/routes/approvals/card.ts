import { z } from '@hono/zod-openapi';
import { ApprovalHead } from '@actp/services/approvals/approval-head';
import { readPlainCard } from '@actp/services/approvals/read-card';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { IdParam, notFound } from './shared.ts';

const Card = z.object({
  approval: ApprovalHead,
  card: z.string().openapi({
    description: 'What a person has to see: plain text, invisible characters named, secrets redacted',
  }),
  approvable: z.boolean().openapi({
    description: 'Whether it waits for a decision, and the card shows all of it: offer Approve only then',
  }),
});

/** `GET /v1/approvals/{id}/card`: an approval as operators see it, for those who decide without Telegram. */
export function approvalCardRoute(serve: ServeRoute, deps: Pick<AppDeps, 'approvals' | 'config'>): void {
  serve(
    {
      operationId: 'readApprovalCard',
      callers: ['operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/approvals/{id}/card',
      summary: 'The card of an approval, as text',
      tags: ['approvals'],
      request: { params: IdParam },
      responses: {
        200: {
          description: 'The card, or what became of the approval',
          content: { 'application/json': { schema: Card } },
        },
        ...notFound,
      },
    },
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(await readPlainCard(deps.approvals, id, deps.config.scheduleTz), 200);
    },
  );
}
