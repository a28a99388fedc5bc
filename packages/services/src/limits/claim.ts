import type { Db } from '@actp/db/client';
import type { Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import { AppError } from '@actp/shared/errors';
import { z } from 'zod';
import { refusalOf } from '../approvals/refusals.ts';
import { storedKey } from '../idempotency-key.ts';

/** What an idempotency key of the agent names. */
export interface Work {
  key: string;
  bodyDigest: string;
}

export interface ClaimedGrant {
  grantId: string;
  /** The same work was allowed before: this is its grant. */
  repeated?: { outcome: 'succeeded' | 'failed' | null };
}

const Claimed = z.discriminatedUnion('result', [
  z.object({ result: z.literal('taken'), grant_id: z.uuid() }),
  z.object({ result: z.literal('over'), over: z.array(z.int()) }),
  z.object({
    result: z.literal('repeated'),
    grant_id: z.uuid(),
    outcome: z.enum(['succeeded', 'failed']).nullable(),
  }),
  z.object({ result: z.literal('asked') }),
  z.object({ result: z.literal('idempotency_mismatch') }),
]);

/**
 * Counts a request against the cumulative limits that apply to it; the database counts. The same work is counted once.
 *
 * @returns the grant, or what the limits that are reached make of the decision
 * @throws AppError `idempotency_mismatch`
 */
export async function claimLimits(
  db: Db,
  claims: readonly LimitClaim[],
  request: { agent: string; action: string },
  work?: Work,
): Promise<ClaimedGrant | { decision: Decision }> {
  const counted = {
    p_agent: request.agent,
    p_action: request.action,
    p_claims: toClaimRows(claims),
  };
  const claimed = Claimed.parse(
    await db.call((client) =>
      work
        ? client.rpc('claim_work', {
            ...counted,
            p_key: storedKey(work.key),
            p_request_digest: work.bodyDigest,
          })
        : client.rpc('claim_limits', counted),
    ),
  );
  switch (claimed.result) {
    case 'taken':
      return { grantId: claimed.grant_id };
    case 'repeated':
      return { grantId: claimed.grant_id, repeated: { outcome: claimed.outcome } };
    case 'over':
      return { decision: limitReached(claimed.over.flatMap((index) => claims[index] ?? [])) };
    case 'asked':
      return { decision: askedBefore };
    case 'idempotency_mismatch':
      throw refusalOf(claimed.result) ?? new AppError('internal', 'no refusal');
  }
}

// Its approval is the one permission for this work, also when the policy would now allow it without.
const askedBefore: Decision = {
  effect: 'require_approval',
  rule: 'idempotency',
  reasons: [
    {
      code: 'approval_required',
      detail: 'an approval was requested for this work before, under the same Idempotency-Key',
    },
  ],
};

/** What the SQL functions need of claims. */
export function toClaimRows(claims: readonly LimitClaim[]) {
  return claims.map(({ counter, amount, max, seconds, over }) => ({ counter, amount, max, seconds, over }));
}

function limitReached(over: readonly LimitClaim[]): Decision {
  const strictest = over.find((claim) => claim.over === 'deny') ?? over[0];
  if (!strictest) throw new AppError('internal', 'the database returned no limit');
  return {
    effect: strictest.over,
    rule: strictest.rule,
    reasons: over.map(({ detail }) => ({ code: 'limit_reached', detail })),
  };
}
