import { z } from '@hono/zod-openapi';
import { digestOf } from '@actp/shared/approvals/digest';
import { requestApproval } from '@actp/services/approvals/request';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { IdempotencyHeaders } from '../../http/idempotency-key.ts';
import { approvalFields } from './approval-fields.ts';
import { contextOf } from '../../audit/origin.ts';
import { Action, approvalAnswer, assertDetailsFit, Details } from './shared.ts';

/** `POST /v1/approvals`: an agent asks a person. */
export function createApprovalRoute(serve: ServeRoute, deps: Pick<AppDeps, 'approvals' | 'config'>): void {
  const body = z.strictObject({ action: Action, details: Details, ...approvalFields(deps.config) });

  serve(
    {
      operationId: 'requestApproval',
      callers: ['agent'],
      audit: 'service',
      asItself: 'acts',
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
        403: { description: 'A credential of another kind, or the policy denies it (`policy_denied`)' },
        409: {
          description: 'Stopped by a kill switch, or the guard allowed it under the same Idempotency-Key',
        },
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
          ttl_seconds: asked.ttl_seconds ?? deps.config.approvalTtlSeconds,
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
