/** An approval, as `GET /v1/approvals/{id}` gives it; times are ISO 8601 in UTC. */
export interface Approval {
  id: string;
  status: 'pending' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  action: string;
  details: Record<string, unknown>;
  requested_by: string;
  reason: string | null;
  /** SHA-256 of what the person is asked about; a decision has to name it. */
  action_digest: string | null;
  policy_version: string | null;
  /** Whether a second, confirming press is needed. */
  critical: boolean;
  /** How many different people have to say yes, and how many have. */
  approvers: number;
  approvals: number;
  expires_at: string;
  created_at: string;
  /** `telegram:<user id>` or `operator:<email>`. */
  decided_by: string | null;
  /** The name of that operator, where there is one. */
  decided_by_name: string | null;
  decided_at: string | null;
  decision_reason: string | null;
  /** Until when the yes can be redeemed. */
  grant_expires_at: string | null;
  redeemed_at: string | null;
  lapsed_at: string | null;
  outcome: 'succeeded' | 'failed' | 'unknown' | null;
  outcome_at: string | null;
  /** Grows with every change. */
  version: number;
}

/** The permission, handed out once. */
export interface Grant {
  grant_id: string;
  redeemed_at: string;
}
