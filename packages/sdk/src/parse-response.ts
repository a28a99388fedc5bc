import type { Approval, Grant } from './approval.ts';
import type { Decision, Reason } from './decision.ts';
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

/**
 * Reads a decision of the guard.
 *
 * @throws ActpUnavailable when it is not one: an unknown effect is a no
 */
export function readDecision(value: unknown): Decision {
  const fields: Record<string, unknown> = isRecord(value) ? value : {};
  const { effect, rule, grant_id: grantId, outcome = null } = fields;
  const known = effect === 'allow' || effect === 'deny' || effect === 'require_approval';
  const repeated = fields['repeated'];
  if (
    !known ||
    typeof rule !== 'string' ||
    (grantId !== undefined && typeof grantId !== 'string') ||
    (repeated !== undefined && repeated !== true) ||
    (outcome !== null && outcome !== 'succeeded' && outcome !== 'failed')
  ) {
    throw new ActpUnavailable('the response is not a decision');
  }
  return {
    effect,
    rule,
    reasons: readReasons(fields['reasons']),
    grantId,
    repeated: repeated === true ? { outcome } : undefined,
    approval: effect === 'require_approval' ? readApproval(fields['approval']) : undefined,
  };
}

/** What is not a reason is left out: nothing is decided upon them. */
function readReasons(value: unknown): Reason[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ code, detail }) => ({ code: String(code), detail: String(detail) }));
}

/** @throws ActpUnavailable when the answer is not a grant */
export function readGrant(value: unknown): Grant {
  if (isRecord(value) && typeof value['grant_id'] === 'string' && typeof value['redeemed_at'] === 'string') {
    return { grant_id: value['grant_id'], redeemed_at: value['redeemed_at'] };
  }
  throw new ActpUnavailable('the response is not a grant');
}
