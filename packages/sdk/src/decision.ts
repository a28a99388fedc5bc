import type { Approval } from './approval.ts';

/** An objection of the policy to a request. */
export interface Reason {
  code: string;
  detail: string;
}

/** What `POST /v1/guard` answers. */
export interface Decision {
  effect: 'allow' | 'deny' | 'require_approval';
  /** What decided, for instance `gate:email.*`. */
  rule: string;
  reasons: readonly Reason[];
  /** Of an allow that is counted, or given once. */
  grantId: string | undefined;
  /** The same work was allowed before; null: nobody knows how it ended. */
  repeated: { outcome: 'succeeded' | 'failed' | null } | undefined;
  /** With `require_approval`. */
  approval: Approval | undefined;
}
