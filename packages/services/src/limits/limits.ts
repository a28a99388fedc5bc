import type { Db } from '@actp/db/client';
import type { Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import type { Logger } from '@actp/shared/log';
import type { RequestContext } from '../request-context.ts';
import { claimLimits } from './claim.ts';
import { refundLimits } from './record-outcome.ts';

/** Cumulative limits as the guard uses them: one call for a request that has any, none for others. */
export interface Limits {
  claim(
    claims: readonly LimitClaim[],
    request: { agent: string; action: string },
  ): Promise<{ grantId: string } | { decision: Decision }>;
  refund(grantId: string, context: RequestContext): Promise<void>;
}

/** Limits that this database counts. */
export const createLimits = (deps: { db: Db; log: Logger }): Limits => ({
  claim: (claims, request) => claimLimits(deps.db, claims, request),
  refund: (grantId, context) => refundLimits(deps, grantId, context),
});
