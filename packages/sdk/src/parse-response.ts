import type { Approval, Grant } from './approval.ts';
import { ActpUnavailable } from './errors.ts';
import { isRecord } from './problem.ts';

const statuses: readonly unknown[] = ['pending', 'approved', 'rejected', 'expired', 'cancelled'];
const outcomes: readonly unknown[] = [null, 'succeeded', 'failed', 'unknown'];
const isTextOrNull = (value: unknown) => value === null || typeof value === 'string';

/**
 * Reads an approval from an answer. Everything that a decision here rests on is checked.
 *
 * @param id which one was asked for
 * @throws ActpUnavailable when it is not one: an unknown state is a no
 */
export function readApproval(value: unknown, id?: string): Approval {
  const sound =
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    (id === undefined || value['id'] === id.toLowerCase()) &&
    statuses.includes(value['status']) &&
    outcomes.includes(value['outcome']) &&
    isTextOrNull(value['redeemed_at']) &&
    isTextOrNull(value['lapsed_at']);
  if (!sound) throw new ActpUnavailable('the response is not an approval');
  // What is not checked above is shown and never decided upon.
  return value as unknown as Approval;
}

/** @throws ActpUnavailable when the answer is not a grant */
export function readGrant(value: unknown): Grant {
  if (isRecord(value) && typeof value['grant_id'] === 'string' && typeof value['redeemed_at'] === 'string') {
    return { grant_id: value['grant_id'], redeemed_at: value['redeemed_at'] };
  }
  throw new ActpUnavailable('the response is not a grant');
}
