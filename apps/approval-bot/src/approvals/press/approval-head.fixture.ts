import type { ApprovalHead } from '@actp/services/approvals/approval-head';

/** A pending approval, and whatever else a test wants different. */
export function approvalHead(over: Partial<ApprovalHead> = {}): ApprovalHead {
  return {
    id: 'a1b2c3d4-0000-4000-8000-00000000000f',
    status: 'pending',
    action: 'dm.bulk_send',
    requested_by: 'agent-1',
    agent_id: 'agent-1',
    source: 'http',
    reason: null,
    action_digest: '0123456789abcdef'.repeat(4),
    policy_version: 'p',
    critical: false,
    approvers: 1,
    approvals: 0,
    expires_at: '2026-11-02T17:00:00.000Z',
    created_at: '2026-11-02T13:00:00.000Z',
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
    decision_reason: null,
    grant_expires_at: null,
    redeemed_at: null,
    lapsed_at: null,
    outcome: null,
    outcome_at: null,
    version: 1,
    ...over,
  };
}
