import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { AppError } from '../errors.ts';

export interface ApprovalPayload {
  action: string;
  details: Record<string, unknown>;
}

/**
 * What a person's yes is bound to: SHA-256 over RFC 8785 canonical JSON of action, details, requester and policy version.
 *
 * @returns 64 lower-case hex digits
 */
export function actionDigest(
  payload: ApprovalPayload & { requested_by: string; policy_version: string },
): string {
  const { action, details, requested_by, policy_version } = payload;
  return digestOf({ action, details, requested_by, policy_version });
}

/** The part of it that an agent presents again when it redeems; requester and policy version are the stored ones. */
export function payloadDigest({ action, details }: ApprovalPayload): string {
  return digestOf({ action, details });
}

/** A digest of any JSON value, for telling a retry from another request. */
export function digestOf(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new AppError('validation_failed', 'the payload has no JSON form');
  return createHash('sha256').update(text).digest('hex');
}
