import { evaluatePolicy } from '@actp/policy/decide';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { payloadDigest, type ApprovalPayload } from '@actp/shared/approvals/digest';
import { AppError } from '@actp/shared/errors';
import { toClaimRows } from '../limits/claim.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import { settle, type ApprovalDeps } from './apply-result.ts';

export interface RedeemApprovalDeps extends ApprovalDeps {
  policy: () => LoadedPolicy;
  /** USD. */
  maxSpendPerTask: number;
}

/**
 * Hands out the one grant of an approval, for exactly what was approved and within the policy's limits.
 *
 * @throws AppError `not_found`, `conflict`, `gone`, `digest_mismatch`, `kill_switch`, `limit_reached`
 */
export async function redeemApproval(
  deps: RedeemApprovalDeps,
  id: string,
  payload: ApprovalPayload,
  context: RequestContext,
): Promise<{ grant_id: string; redeemed_at: string }> {
  const { claims } = evaluatePolicy(
    { ...deps.policy(), maxSpendPerTask: deps.maxSpendPerTask },
    { action: payload.action, details: payload.details, agent: context.actor.id },
  );
  const returned = await deps.db.call((client) =>
    client.rpc('redeem_approval', {
      p_id: id,
      p_payload_digest: payloadDigest(payload),
      p_context: auditContext(context),
      ...(claims.length > 0 && { p_limits: toClaimRows(claims) }),
    }),
  );
  const { grant_id, redeemed_at } = settle(deps, returned);
  if (grant_id === undefined || redeemed_at === undefined) {
    throw new AppError('internal', 'the database returned no grant');
  }
  return { grant_id, redeemed_at };
}
