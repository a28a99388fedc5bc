import type { Json } from '@actp/db/database-types';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { Approval } from './approval-schema.ts';
import { settledApproval, type ApprovalDeps } from './apply-result.ts';

/**
 * Records what became of a redeemed approval. That it failed before any effect gives back what the redeem counted against limits
 * only from the part of the plane that did it; an agent's own word is recorded until an operator confirms it (`resolve.ts`).
 *
 * @param result what the agent reports; redacted by the caller
 * @throws AppError `not_found`, `conflict`
 */
export async function recordApprovalOutcome(
  deps: ApprovalDeps,
  id: string,
  outcome: { status: 'succeeded' | 'failed'; beforeEffect: boolean },
  result: unknown,
  context: RequestContext,
): Promise<Approval> {
  const returned = await deps.db.call((client) =>
    client.rpc('record_outcome', {
      p_id: id,
      p_outcome: outcome.status,
      p_result: (result ?? null) as Json,
      p_before_effect: outcome.beforeEffect,
      p_confirmed: context.actor.kind === 'system',
      p_context: auditContext(context),
    }),
  );
  return settledApproval(deps, returned);
}
