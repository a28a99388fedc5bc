import { nullable } from '@actp/db/nullable';
import { cleanText } from '@actp/shared/audit/clean-text';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { Approval } from './approval-schema.ts';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { settledApproval, type ApprovalDeps } from './apply-result.ts';
import { checkStored } from './check-stored.ts';
import { asJson, withDenial } from './policy-check.ts';

export interface DecideApprovalDeps extends ApprovalDeps {
  /** The policy in force. */
  policy: () => LoadedPolicy;
  /** USD. */
  maxSpendPerTask: number;
}

export interface ApprovalDecision {
  decision: 'approved' | 'rejected';
  /** Of what the operator saw. */
  action_digest: string;
  reason: string | null;
}

/**
 * An operator approves or rejects. (A press in Telegram is another SQL function, which ends in the same one.)
 *
 * What the policy in force denies cannot be approved, whatever it said when it was asked about; it can be rejected.
 *
 * @throws AppError `forbidden`, `not_found`, `conflict`, `gone`, `digest_mismatch`, `kill_switch`, `policy_denied`
 */
export async function decideApproval(
  deps: DecideApprovalDeps,
  id: string,
  { decision, action_digest, reason }: ApprovalDecision,
  context: RequestContext,
): Promise<Approval> {
  assertActor(context.actor, ['operator']);
  const check = decision === 'approved' ? await checkStored(deps, id) : undefined;
  const returned = await deps.db.call((client) =>
    client.rpc('decide_approval', {
      p_id: id,
      p_decision: decision,
      p_action_digest: action_digest,
      p_actor: actorName(context.actor),
      p_reason: nullable(reason === null ? null : cleanText(reason, 2_000)),
      p_telegram: null,
      p_context: auditContext(context),
      ...(check && { p_policy: asJson(check) }),
    }),
  );
  try {
    return settledApproval(deps, returned);
  } catch (error) {
    throw check ? withDenial(error, check) : error;
  }
}
