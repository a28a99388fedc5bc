import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { recordApprovalOutcome } from '@actp/services/approvals/record-outcome';
import { redactValue } from '@actp/redaction/redact-value';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { isOutcome, outcomeFields, outcomeRule } from '../outcome-fields.ts';
import { contextOf } from '../../audit/origin.ts';
import { approvalAnswer, IdParam, notFound } from './shared.ts';

const maxResultBytes = 64 * 1_024;

/** `POST /v1/approvals/{id}/outcome`: what became of the action. */
export function approvalOutcomeRoute(serve: ServeRoute, deps: Pick<AppDeps, 'approvals'>): void {
  serve(
    {
      operationId: 'recordApprovalOutcome',
      callers: ['agent'],
      audit: 'service',
      asItself: 'acts',
      method: 'post',
      path: '/v1/approvals/{id}/outcome',
      summary: 'Report the outcome of an approved action',
      description:
        '`before_effect` is recorded; what was counted against limits is given back when an operator confirms it (POST /v1/approvals/{id}/resolution).',
      tags: ['approvals'],
      request: {
        params: IdParam,
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z
                .strictObject({ ...outcomeFields, result: z.unknown().optional() })
                .refine(isOutcome, outcomeRule),
            },
          },
        },
      },
      responses: {
        200: approvalAnswer('Recorded'),
        ...notFound,
        409: { description: 'Not redeemed, or another outcome is recorded' },
        413: { description: 'result is too large' },
      },
    },
    async (c, caller) => {
      const { status, before_effect, result } = c.req.valid('json');
      if (result !== undefined && Buffer.byteLength(JSON.stringify(result)) > maxResultBytes) {
        throw new AppError('too_large', `result is larger than ${maxResultBytes} bytes`, {
          fields: [{ field: 'result', message: `must not be larger than ${maxResultBytes} bytes` }],
        });
      }
      const outcome = { status, beforeEffect: before_effect === true };
      const { id } = c.req.valid('param');
      const approval = await recordApprovalOutcome(
        deps.approvals,
        id,
        outcome,
        redactValue(result),
        contextOf(c, caller),
      );
      return c.json(approval, 200);
    },
  );
}
