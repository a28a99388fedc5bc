/**
 * The life of an approval as one table. The SQL functions are what enforces it; a model test compares the two.
 */
export type ApprovalState =
  | 'pending'
  | 'approved'
  | 'rejected'
  | 'expired'
  | 'cancelled'
  | 'redeemed'
  | 'lapsed'
  | 'succeeded'
  | 'failed'
  | 'unknown';

export type ApprovalEvent =
  | 'approve'
  | 'reject'
  | 'expire'
  | 'cancel'
  | 'redeem'
  | 'lapse'
  | 'succeed'
  | 'fail'
  | 'forget';

const transitions: Record<ApprovalState, Partial<Record<ApprovalEvent, ApprovalState>>> = {
  pending: { approve: 'approved', reject: 'rejected', expire: 'expired', cancel: 'cancelled' },
  approved: { redeem: 'redeemed', lapse: 'lapsed' },
  redeemed: { succeed: 'succeeded', fail: 'failed', forget: 'unknown' },
  rejected: {},
  expired: {},
  cancelled: {},
  lapsed: {},
  succeeded: {},
  failed: {},
  unknown: {},
};

/** The state after an event; undefined when it is not allowed there, and then nothing may change. */
export function nextState(state: ApprovalState, event: ApprovalEvent): ApprovalState | undefined {
  return transitions[state][event];
}

/** Nothing happens any more. */
export function isFinal(state: ApprovalState): boolean {
  return Object.keys(transitions[state]).length === 0;
}

/** The one state that an approval's columns describe. */
export function stateOf(approval: {
  status: string;
  redeemed_at: string | null;
  lapsed_at: string | null;
  outcome: string | null;
}): ApprovalState {
  if (approval.outcome !== null) return approval.outcome as ApprovalState; // its check constraint allows three of them
  if (approval.redeemed_at !== null) return 'redeemed';
  if (approval.lapsed_at !== null) return 'lapsed';
  return approval.status as ApprovalState; // its check constraint allows five of them
}
