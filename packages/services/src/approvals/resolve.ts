import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { Approval } from './approval-schema.ts';
import { settledApproval, type ApprovalDeps } from './apply-result.ts';

/**
 * An operator says whether a redeemed action happened. What did not is counted against limits no more, also when the agent
 * reported a failure, or nothing, before.
 *
 * @throws AppError `forbidden`, `not_found`, `conflict` when it was not redeemed, or reported as done
 */
export async function resolveApproval(
  deps: ApprovalDeps,
  id: string,
  happened: boolean,
  context: RequestContext,
): Promise<Approval> {
  assertActor(context.actor, ['operator']);
  const returned = await deps.db.call((client) =>
    client.rpc('record_outcome', {
      p_id: id,
      p_outcome: happened ? 'succeeded' : 'failed',
      p_result: null,
      p_before_effect: !happened,
      p_confirmed: true,
      p_context: { ...auditContext(context), agent_id: actorName(context.actor) },
    }),
  );
  return settledApproval(deps, returned);
}
