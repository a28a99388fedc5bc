import { nullable } from '@actp/db/nullable';
import { cleanText } from '@actp/shared/audit/clean-text';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { Approval } from './approval-schema.ts';
import { settledApproval, type ApprovalDeps } from './apply-result.ts';

export interface ApprovalDecision {
  decision: 'approved' | 'rejected';
  /** Of what the operator saw. */
  action_digest: string;
  reason: string | null;
}

/**
 * An operator approves or rejects. (A press in Telegram is another SQL function, which ends in the same one.)
 *
 * @throws AppError `forbidden`, `not_found`, `conflict`, `gone`, `digest_mismatch`, `kill_switch`
 */
export async function decideApproval(
  deps: ApprovalDeps,
  id: string,
  { decision, action_digest, reason }: ApprovalDecision,
  context: RequestContext,
): Promise<Approval> {
  assertActor(context.actor, ['operator']);
  const returned = await deps.db.call((client) =>
    client.rpc('decide_approval', {
      p_id: id,
      p_decision: decision,
      p_action_digest: action_digest,
      p_actor: actorName(context.actor),
      p_reason: nullable(reason === null ? null : cleanText(reason, 2_000)),
      p_telegram: null,
      p_context: auditContext(context),
    }),
  );
  return settledApproval(deps, returned);
}
