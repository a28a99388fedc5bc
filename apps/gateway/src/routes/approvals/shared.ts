import type { Context } from 'hono';
import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { normaliseAction } from '@actp/policy/action-name';
import type { RequestContext } from '../../approvals/service.ts';
import { Approval } from '../../approvals/wire.ts';
import { originOf } from '../../audit/origin.ts';
import type { AppEnv } from '../../context.ts';

export const IdParam = z.object({ id: z.uuid('must be an approval id (a UUID)') });

export const Action = z
  .string()
  .refine(
    (name) => normaliseAction(name) !== undefined,
    'must be 1 to 128 ASCII letters, digits and . _ : / -',
  );

const maxDetailsBytes = 256 * 1_024;

export const Details = z.record(z.string(), z.unknown());

/** @throws AppError `too_large`, naming the limit */
export function assertDetailsFit(details: unknown): void {
  if (Buffer.byteLength(JSON.stringify(details)) <= maxDetailsBytes) return;
  throw new AppError('too_large', `details is larger than ${maxDetailsBytes} bytes`, {
    fields: [{ field: 'details', message: `must not be larger than ${maxDetailsBytes} bytes` }],
  });
}

export const approvalAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: Approval } },
});

export const notFound = { 404: { description: 'There is no such approval' } } as const;

/** Who calls, for the record that every step of an approval leaves. */
export function contextOf(c: Context<AppEnv>): RequestContext {
  return {
    agent_id: c.get('caller')?.id ?? 'unknown',
    ip: c.get('clientIp'),
    user_agent: originOf(c).user_agent,
    request_id: c.get('requestId'),
  };
}
