import type { Db } from '@actp/db/client';
import type { Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import { AppError } from '@actp/shared/errors';
import { z } from 'zod';

const Claimed = z.discriminatedUnion('result', [
  z.object({ result: z.literal('taken'), grant_id: z.uuid() }),
  z.object({ result: z.literal('over'), over: z.array(z.int()) }),
]);

/**
 * Counts a request against the cumulative limits that apply to it; the database counts.
 *
 * @returns the grant, or what the limits that are reached make of the decision
 */
export async function claimLimits(
  db: Db,
  claims: readonly LimitClaim[],
  request: { agent: string; action: string },
): Promise<{ grantId: string } | { decision: Decision }> {
  const claimed = Claimed.parse(
    await db.call((client) =>
      client.rpc('claim_limits', {
        p_agent: request.agent,
        p_action: request.action,
        p_claims: toClaimRows(claims),
      }),
    ),
  );
  if (claimed.result === 'taken') return { grantId: claimed.grant_id };
  return { decision: limitReached(claimed.over.flatMap((index) => claims[index] ?? [])) };
}

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
