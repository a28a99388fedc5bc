import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { normaliseAction } from '@actp/policy/action-name';
import {
  Approval as ApprovalSchema,
  type Approval as ApprovalRow,
} from '@actp/services/approvals/approval-schema';
import type { Caller } from '../../app-env.ts';
import { namedSchema } from '../../http/named-schema.ts';

export const Approval = namedSchema('Approval', ApprovalSchema);

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

/**
 * Whether an approval may be seen by a caller: by who asked for it, and by those who decide. What the plane asks for is no agent's, whatever
 * its name.
 */
export const isOwn = ({ agent_id, source }: ApprovalRow, caller: Caller): boolean =>
  caller.kind !== 'agent' || (agent_id === caller.id && source !== 'plane');

/** @throws AppError `forbidden` when another agent asked for it */
export function assertOwn(approval: ApprovalRow, caller: Caller): void {
  if (!isOwn(approval, caller)) throw new AppError('forbidden', 'another agent asked for this approval');
}

/** @throws AppError `unauthenticated` when the caller's key has ended since it asked */
export async function assertStillValid(caller: Caller): Promise<void> {
  if (caller.kind !== 'agent' || caller.stillValid === undefined || (await caller.stillValid())) return;
  throw new AppError('unauthenticated', 'the key has ended meanwhile');
}

export const approvalAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: Approval } },
});

export const notFound = { 404: { description: 'No such approval' } } as const;
