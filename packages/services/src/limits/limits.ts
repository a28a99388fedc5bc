import type { Db } from '@actp/db/client';
import type { Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import type { Logger } from '@actp/shared/log';
import type { RequestContext } from '../request-context.ts';
import { claimLimits, type ClaimedGrant, type Work } from './claim.ts';
import { refundLimits } from './record-outcome.ts';

/** Cumulative limits as the guard uses them: one call for a request that has any or a key, none for others. */
export interface Limits {
  claim(
    claims: readonly LimitClaim[],
    request: { agent: string; action: string },
    work?: Work,
  ): Promise<ClaimedGrant | { decision: Decision }>;
  refund(grantId: string, context: RequestContext): Promise<void>;
}

/** Limits that this database counts. */
export const createLimits = (deps: { db: Db; log: Logger }): Limits => ({
  claim: (claims, request, work) => claimLimits(deps.db, claims, request, work),
  refund: (grantId, context) => refundLimits(deps, grantId, context),
});
