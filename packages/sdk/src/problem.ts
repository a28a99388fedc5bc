import type { Reason } from './decision.ts';

export interface FieldProblem {
  field: string;
  message: string;
}

/** A refusal as the gateway words it (RFC 9457, `application/problem+json`). */
export interface Problem {
  status: number;
  type?: string;
  title?: string;
  detail?: string;
  code?: string;
  request_id?: string;
  /** With `policy_denied`: what decided, and every objection. */
  rule?: string;
  reasons?: readonly Reason[];
  errors: readonly FieldProblem[];
}

/**
 * Reads a refusal; what is not a problem document leaves only the status.
 *
 * @param secret taken out of every text, should whatever answered have repeated it
 */
export function readProblem(status: number, body: unknown, secret: string): Problem {
  const text = (value: unknown) =>
    typeof value === 'string' ? value.replaceAll(secret, '[secret]') : undefined;
  const fields: Record<string, unknown> = isRecord(body) ? body : {};
  const names = ['type', 'title', 'detail', 'code', 'request_id', 'rule'] as const;
  const known = names.flatMap((name) => {
    const value = text(fields[name]);
    return value === undefined ? [] : [[name, value]];
  });
  const listOf = (name: string) => {
    const list = fields[name];
    return Array.isArray(list) ? list.filter(isRecord) : undefined;
  };
  const errors = listOf('errors') ?? [];
  const reasons = listOf('reasons');
  return {
    status,
    ...Object.fromEntries(known),
    ...(reasons && {
      reasons: reasons.map(({ code, detail }) => ({ code: text(code) ?? '', detail: text(detail) ?? '' })),
    }),
    errors: errors.map(({ field, message }) => ({ field: text(field) ?? '', message: text(message) ?? '' })),
  };
}

/** In one line, for an error's message. */
export function describeProblem({ status, title, detail, errors }: Problem): string {
  const fields = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return [String(status), detail ?? title ?? '', fields && `(${fields})`].filter(Boolean).join(' ');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
