import { z } from '@hono/zod-openapi';
import { maxCostUsd } from '@actp/policy/decide';
import { evaluateGuard } from '@actp/services/guard/evaluate';
import { digestOf } from '@actp/shared/approvals/digest';
import { AppError } from '@actp/shared/errors';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';
import { IdempotencyHeaders } from '../http/idempotency-key.ts';
import { Action, Approval, assertDetailsFit, contextOf, Details } from './approvals/shared.ts';

const maxTextBytes = 65_536;
const costRule = 'must be an amount in USD from 0 to 2^53';

const GuardRequest = z.strictObject({
  action: Action,
  details: Details,
  text: z.string().optional().openapi({
    description: 'What led to the request, up to 64 KiB: screened for injected instructions and commands',
  }),
  text_source: z
    .enum(['user', 'tool', 'web'])
    .optional()
    .openapi({ description: 'Where text comes from; tool when absent' }),
  cost_usd: z.number(costRule).min(0, costRule).max(maxCostUsd, costRule).optional(),
  request_approval: z.boolean().optional(),
});

const GuardAnswer = z
  .object({
    effect: z.enum(['allow', 'deny', 'require_approval']),
    rule: z.string(),
    reasons: z.array(z.object({ code: z.string(), detail: z.string() })),
    grant_id: z
      .uuid()
      .optional()
      .openapi({ description: 'Of an allow that counts against limits: used to report its outcome' }),
    approval: Approval.optional(),
  })
  .openapi('GuardAnswer');

/** `POST /v1/guard`: may this be done? Answered when the decision is kept for the audit log. */
export function guardRoute(serve: ServeRoute, deps: Pick<AppDeps, 'guard'>): void {
  serve(
    {
      operationId: 'evaluateGuard',
      callers: ['agent'],
      audit: 'service',
      method: 'post',
      path: '/v1/guard',
      summary: 'Evaluate an action: allow, deny or require approval',
      tags: ['guard'],
      request: {
        headers: IdempotencyHeaders,
        body: { required: true, content: { 'application/json': { schema: GuardRequest } } },
      },
      responses: {
        200: {
          description:
            'The decision. `rule` says what decided, `reasons` what stood against the request; with `request_approval` and effect `require_approval` the approval that was made',
          content: { 'application/json': { schema: GuardAnswer } },
        },
        413: { description: 'details or text is too large' },
        422: { description: 'Idempotency-Key reused with a different body' },
      },
    },
    async (c, caller) => {
      const asked = c.req.valid('json');
      assertDetailsFit(asked.details);
      assertTextFits(asked.text);
      const { action, details, cost_usd, text, text_source } = asked;
      const key = c.req.valid('header')['idempotency-key'];
      const idempotency = key === undefined ? null : { key, bodyDigest: digestOf(asked) };
      const { decision, grantId, approval } = await evaluateGuard(
        deps.guard,
        {
          action,
          details,
          cost_usd,
          text,
          text_source,
          approval: asked.request_approval === true ? { idempotency } : undefined,
        },
        contextOf(c, caller),
      );
      return c.json(
        { ...decision, ...(grantId && { grant_id: grantId }), ...(approval ? { approval } : {}) },
        200,
      );
    },
  );
}

/** @throws AppError `too_large`, naming the limit */
function assertTextFits(text: string | undefined): void {
  if (text === undefined || Buffer.byteLength(text) <= maxTextBytes) return;
  throw new AppError('too_large', `text is larger than ${maxTextBytes} bytes`, {
    fields: [{ field: 'text', message: `must not be larger than ${maxTextBytes} bytes` }],
  });
}
