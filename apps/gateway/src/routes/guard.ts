import { z } from '@hono/zod-openapi';
import { maxCostUsd } from '@actp/policy/decide';
import type { ApprovalRequest } from '@actp/services/approvals/request';
import { evaluateGuard, type RequestedApproval } from '@actp/services/guard/evaluate';
import type { Work } from '@actp/services/limits/claim';
import { digestOf } from '@actp/shared/approvals/digest';
import { AppError } from '@actp/shared/errors';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';
import { IdempotencyHeaders } from '../http/idempotency-key.ts';
import { approvalFieldNames, approvalFields } from './approvals/approval-fields.ts';
import { contextOf } from '../audit/origin.ts';
import { Action, Approval, assertDetailsFit, Details } from './approvals/shared.ts';

const maxTextBytes = 65_536;
const costRule = 'must be an amount in USD from 0 to 2^53';

const guardFields = {
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
  request_approval: z.boolean().optional().openapi({
    description:
      'Request an approval at once when one is required; then the other fields of POST /v1/approvals are taken as well',
  }),
  once: z.boolean().optional().openapi({
    description:
      'Allow it once for this Idempotency-Key, which then names a piece of work; later requests are answered with `repeated`',
  }),
};

const GuardAnswer = z
  .object({
    effect: z.enum(['allow', 'deny', 'require_approval']),
    rule: z.string(),
    reasons: z.array(z.object({ code: z.string(), detail: z.string() })),
    grant_id: z.uuid().optional().openapi({
      description: 'Of an allow that counts against limits, or is given once: used to report its outcome',
    }),
    repeated: z.literal(true).optional().openapi({
      description: 'The same work was allowed before, under the same Idempotency-Key: it may have been done',
    }),
    outcome: z
      .enum(['succeeded', 'failed'])
      .nullish()
      .openapi({ description: 'With `repeated`: what was reported of it; null when nothing was' }),
    approval: Approval.optional(),
  })
  .openapi('GuardAnswer');

/** `POST /v1/guard`: may this be done? Answered when the decision is kept for the audit log. */
export function guardRoute(serve: ServeRoute, deps: Pick<AppDeps, 'guard' | 'config'>): void {
  const GuardRequest = z
    .strictObject({ ...guardFields, ...approvalFields(deps.config) })
    .superRefine((asked, context) => {
      if (asked.request_approval === true) return;
      for (const name of approvalFieldNames) {
        if (asked[name] === undefined) continue;
        const message = 'may only be given with request_approval: true';
        context.addIssue({ code: 'custom', path: [name], message });
      }
    });
  serve(
    {
      operationId: 'evaluateGuard',
      callers: ['agent'],
      audit: 'service',
      asItself: 'acts',
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
        409: { description: 'Stopped by a kill switch, or allowed before under the same Idempotency-Key' },
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
      const { decision, grantId, repeated, approval } = await evaluateGuard(
        deps.guard,
        {
          action,
          details,
          cost_usd,
          text,
          text_source,
          approval: asked.request_approval === true ? requestedApproval(asked, key) : undefined,
          work: asked.once === true ? workOf(asked, key) : undefined,
        },
        contextOf(c, caller),
      );
      return c.json(
        {
          ...decision,
          ...(grantId && { grant_id: grantId }),
          ...(repeated && { repeated: true as const, outcome: repeated.outcome }),
          ...(approval ? { approval } : {}),
        },
        200,
      );
    },
  );
}

// The digest is that of the same body sent to POST /v1/approvals: whoever asks there under the same key finds the same approval.
function requestedApproval(asked: Record<string, unknown>, key: string | undefined): RequestedApproval {
  const given = approvalFieldNames.flatMap((name) =>
    asked[name] === undefined ? [] : [[name, asked[name]]],
  );
  const idempotency =
    key === undefined
      ? null
      : { key, bodyDigest: digestOf(bodyOf(asked)), earlierBodyDigest: digestOf(asked) };
  return { ...(Object.fromEntries(given) as Partial<ApprovalRequest>), idempotency };
}

/** @throws AppError `validation_failed` without a key */
function workOf(asked: Record<string, unknown>, key: string | undefined): Work {
  if (key !== undefined) return { key, bodyDigest: digestOf(bodyOf(asked)) };
  throw new AppError('validation_failed', 'the request is not valid', {
    fields: [{ field: 'once', message: 'needs an Idempotency-Key, which names the work' }],
  });
}

function bodyOf(asked: Record<string, unknown>) {
  const entries = Object.entries(asked).filter(([name]) => name !== 'request_approval' && name !== 'once');
  return Object.fromEntries(entries);
}

/** @throws AppError `too_large`, naming the limit */
function assertTextFits(text: string | undefined): void {
  if (text === undefined || Buffer.byteLength(text) <= maxTextBytes) return;
  throw new AppError('too_large', `text is larger than ${maxTextBytes} bytes`, {
    fields: [{ field: 'text', message: `must not be larger than ${maxTextBytes} bytes` }],
  });
}
