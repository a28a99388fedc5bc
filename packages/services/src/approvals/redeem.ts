import { z } from 'zod';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { payloadDigest, type ApprovalPayload } from '@actp/shared/approvals/digest';
import { AppError } from '@actp/shared/errors';
import { assertActionAllowed } from '../agents/assert-action.ts';
import { toClaimRows } from '../limits/claim.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import { settle, type ApprovalDeps } from './apply-result.ts';
import { asJson, checkPolicy, needsCost, withDenial, type PolicyCheck } from './policy-check.ts';

export interface RedeemApprovalDeps extends ApprovalDeps {
  policy: () => LoadedPolicy;
  /** USD. */
  maxSpendPerTask: number;
}

export interface Grant {
  grant_id: string;
  redeemed_at: string;
}

/**
 * Hands out the one grant of an approval, for exactly what was approved, within the policy in force and its limits: a policy that
 * became stricter after the approval wins.
 *
 * @throws AppError `not_found`, `forbidden`, `action_not_allowed`, `conflict`, `gone`, `digest_mismatch`, `kill_switch`,
 *   `limit_reached`, `policy_denied`
 */
export async function redeemApproval(
  deps: RedeemApprovalDeps,
  id: string,
  payload: ApprovalPayload,
  context: RequestContext,
): Promise<Grant> {
  assertActionAllowed(context.actor, payload.action);
  const policy = deps.policy();
  const { action, details } = payload;
  const cost_usd = needsCost(policy, action) ? await readCost(deps, id) : undefined;
  const { check, claims } = checkPolicy(
    policy,
    { action, details, agent: context.actor.id, cost_usd },
    deps.maxSpendPerTask,
  );
  const returned = await deps.db.call((client) =>
    client.rpc('redeem_approval', {
      p_id: id,
      p_payload_digest: payloadDigest(payload),
      p_context: auditContext(context),
      p_policy: asJson(check),
      ...(claims.length > 0 && { p_limits: toClaimRows(claims) }),
    }),
  );
  const { grant_id, redeemed_at } = settled(deps, returned, check);
  if (grant_id === undefined || redeemed_at === undefined) {
    throw new AppError('internal', 'the database returned no grant');
  }
  return { grant_id, redeemed_at };
}

function settled(deps: ApprovalDeps, returned: unknown, check: PolicyCheck) {
  try {
    return settle(deps, returned);
  } catch (error) {
    throw withDenial(error, check);
  }
}

const Cost = z.object({ cost_usd: z.number().nullable() }).nullable();

async function readCost({ db }: ApprovalDeps, id: string): Promise<number | undefined> {
  const row = await db.call((client) => client.rpc('read_approval', { p_id: id }));
  return Cost.parse(row)?.cost_usd ?? undefined;
}
