import type { Approval } from './approval.ts';
import {
  ApprovalCancelled,
  ApprovalExpired,
  ApprovalRejected,
  OutcomeUnknown,
  WorkFinished,
  type ActpErrorOptions,
  type ApprovalError,
} from './errors.ts';

const anew = 'asking anew needs another workId';

/**
 * Why an approval does not allow acting; undefined while it may still (pending), or does (approved and unused).
 *
 * @param options the refusal of the gateway that this explains, if there was one
 */
export function refusalOf(approval: Approval, options: ActpErrorOptions = {}): ApprovalError | undefined {
  switch (approval.status) {
    case 'rejected':
      return new ApprovalRejected('approval_rejected', `a person said no; ${anew}`, approval, options);
    case 'expired':
      return new ApprovalExpired('approval_expired', `nobody decided in time; ${anew}`, approval, options);
    case 'cancelled':
      return new ApprovalCancelled(
        'approval_cancelled',
        `the question was taken back; ${anew}`,
        approval,
        options,
      );
    case 'pending':
      return undefined;
    case 'approved':
      return usedOf(approval, options) ?? lapsedOf(approval, options);
  }
}

/** Why the permission cannot be used any more, because it was used; undefined when it was not. */
export function usedOf(approval: Approval, options: ActpErrorOptions = {}): ApprovalError | undefined {
  const { outcome, redeemed_at } = approval;
  return redeemed_at === null && (outcome === null || outcome === 'unknown')
    ? undefined
    : begunBefore(outcome, approval, options);
}

/** Why work that was begun before is not done again. @param approval absent when the policy allowed it without one */
export function begunBefore(
  outcome: Approval['outcome'],
  approval: Approval | undefined,
  options: ActpErrorOptions = {},
): ApprovalError {
  if (outcome === 'succeeded' || outcome === 'failed') {
    return new WorkFinished(
      'work_finished',
      `this was done before and ${outcome}; ${anew}`,
      approval,
      options,
    );
  }
  return new OutcomeUnknown(
    'outcome_unknown',
    `this was begun before and its outcome is not known: find out whether it happened; ${anew}`,
    approval,
    options,
  );
}

function lapsedOf(approval: Approval, options: ActpErrorOptions): ApprovalError | undefined {
  if (approval.lapsed_at === null) return undefined;
  return new ApprovalExpired(
    'approval_lapsed',
    `the grant was not redeemed in time; ${anew}`,
    approval,
    options,
  );
}
