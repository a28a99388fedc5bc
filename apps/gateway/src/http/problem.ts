import { STATUS_CODES } from 'node:http';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from '@hono/zod-openapi';
import { DbError, mayNotAct } from '@actp/db/client';
import { noLongerActs } from '@actp/services/actor';
import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError, type ErrorCode, type FieldProblem } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';

/** RFC 9457, with the members that the contract adds. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    rule: z.string().optional().openapi({ description: 'With `policy_denied`: what decided' }),
    reasons: z
      .array(z.object({ code: z.string(), detail: z.string() }))
      .optional()
      .openapi({ description: 'With `policy_denied`: every objection' }),
  })
  .openapi('Problem');

const statusOf: Record<ErrorCode, ContentfulStatusCode> = {
  config_invalid: 500,
  validation_failed: 400,
  unauthenticated: 401,
  forbidden: 403,
  agent_key_required: 403,
  action_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  kill_switch: 409,
  limit_reached: 409,
  policy_denied: 403,
  gone: 410,
  digest_mismatch: 412,
  too_large: 413,
  idempotency_mismatch: 422,
  rate_limited: 429,
  unavailable: 503,
  plane_held: 503,
  timeout: 503,
  internal: 500,
};

export interface ProblemFacts {
  status: number;
  code: ErrorCode;
  detail: string;
  requestId: string;
  fields?: readonly FieldProblem[];
  members?: Readonly<Record<string, unknown>>;
}

export const problemType = 'application/problem+json';

/** A problem as it is sent. */
export function problemDocument({
  status,
  code,
  detail,
  requestId,
  fields = [],
  members = {},
}: ProblemFacts): string {
  return JSON.stringify({
    ...members,
    type: `urn:actp:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    request_id: requestId,
    ...(fields.length > 0 ? { errors: fields.slice(0, maxFields).map(sayable) } : {}),
  });
}

// A key is the caller's own text: it may be long, many, or a secret in the wrong place.
const maxFields = 100;
const sayable = ({ field, message }: FieldProblem) => ({ field: cleanText(field, 256), message });

/** The answer to a failed request. */
export function problem(
  c: Context<AppEnv>,
  code: ErrorCode,
  detail: string,
  extra: Pick<ProblemFacts, 'fields' | 'members'> & { headers?: Record<string, string> } = {},
): Response {
  const status = statusOf[code];
  const body = problemDocument({ ...extra, status, code, detail, requestId: c.get('requestId') });
  return c.body(body, status, { 'Content-Type': problemType, ...extra.headers });
}

/** The one place where what was thrown becomes an answer. Only our own messages reach the caller. */
export function problemOf(c: Context<AppEnv>, error: unknown): Response {
  // The database has the last word about who acts, and may know better than the check of the credential did.
  if (error instanceof DbError && error.sqlState === mayNotAct)
    return problemOf(c, new AppError('unauthenticated', noLongerActs));
  if (error instanceof AppError && error.code !== 'internal' && error.code !== 'config_invalid') {
    const headers: Record<string, string> = {};
    if (error.retryAfter !== undefined) headers['Retry-After'] = String(error.retryAfter);
    if (error.code === 'unauthenticated') headers['WWW-Authenticate'] = 'Bearer';
    // What the database says can quote rows, names and values.
    const detail = error instanceof DbError ? 'the database refuses this' : error.message;
    return problem(c, error.code, detail, { fields: error.fields, members: error.members, headers });
  }
  if (error instanceof HTTPException && error.status === 400) {
    return problem(c, 'validation_failed', 'the body is not valid JSON', {
      fields: [{ field: 'body', message: 'must be valid JSON' }],
    });
  }
  if (error instanceof HTTPException && error.status === 415) {
    return problem(c, 'validation_failed', 'the body must be JSON', {
      fields: [{ field: 'Content-Type', message: 'must be application/json' }],
    });
  }
  return problem(c, 'internal', 'something went wrong here; the log has the request id');
}
