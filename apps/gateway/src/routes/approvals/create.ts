import { z } from '@hono/zod-openapi';
import { callbackUrlProblem } from '@actp/shared/approvals/callback-url';
import { digestOf } from '@actp/shared/approvals/digest';
import { requestApproval } from '@actp/services/approvals/request';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { IdempotencyHeaders } from '../../http/idempotency-key.ts';
import { readableText } from '../../http/readable-text.ts';
import { Action, approvalAnswer, assertDetailsFit, contextOf, Details } from './shared.ts';

/** `POST /v1/approvals`: an agent asks a person. */
export function createApprovalRoute(serve: ServeRoute, deps: Pick<AppDeps, 'approvals' | 'config'>): void {
  const { approvalTtlSeconds, chatIds, callbackOrigins } = deps.config;
  const ttlRule = `must be a whole number from 1 to ${approvalTtlSeconds}`;
  const body = z.strictObject({
    action: Action,
    details: Details,
    requested_by: readableText(128, { oneLine: true }).min(1).optional(),
    reason: readableText(2_000).optional(),
    ttl_seconds: z.int(ttlRule).min(1, ttlRule).max(approvalTtlSeconds, ttlRule).optional(),
    chat_id: z
      .string()
      .refine((id) => chatIds.includes(id), 'must be TELEGRAM_CHAT_ID or one of TELEGRAM_EXTRA_CHAT_IDS')
      .optional(),
    callback_url: z
      .string()
      .max(2_048)
      .superRefine((url, context) => {
        const message = callbackUrlProblem(url, callbackOrigins);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .optional(),
  });

  serve(
    {
      operationId: 'requestApproval',
      callers: ['agent'],
      audit: 'service',
      method: 'post',
      path: '/v1/approvals',
      summary: 'Request an approval',
      tags: ['approvals'],
      request: {
        headers: IdempotencyHeaders,
        body: { required: true, content: { 'application/json': { schema: body } } },
      },
      responses: {
        201: approvalAnswer('Requested (or requested before under the same Idempotency-Key)'),
        413: { description: 'details is too large' },
        422: { description: 'Idempotency-Key reused with a different body' },
      },
    },
    async (c, caller) => {
      const asked = c.req.valid('json');
      assertDetailsFit(asked.details);
      const context = contextOf(c, caller);
      const key = c.req.valid('header')['idempotency-key'];
      const approval = await requestApproval(
        deps.approvals,
        {
          action: asked.action,
          details: asked.details,
          requested_by: asked.requested_by ?? context.actor.id,
          reason: asked.reason ?? null,
          ttl_seconds: asked.ttl_seconds ?? approvalTtlSeconds,
          chat_id: asked.chat_id ?? null,
          callback_url: asked.callback_url ?? null,
          // As it was sent: a default that changes in between must not make a retry another request.
          idempotency: key === undefined ? null : { key, bodyDigest: digestOf(asked) },
        },
        context,
      );
      return c.json(approval, 201, { Location: `/v1/approvals/${approval.id}` });
    },
  );
}
