import { nullable } from '@actp/db/nullable';
import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError } from '@actp/shared/errors';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { ActiveKillSwitch } from './active.ts';
import { maxReason, settleChange, type KillSwitchDeps } from './apply-result.ts';

/** An operator lifts exactly this scope. @throws AppError `forbidden`, `not_found` */
export async function liftKillSwitch(
  deps: KillSwitchDeps,
  { scope, reason }: { scope: string; reason: string | undefined },
  context: RequestContext,
): Promise<ActiveKillSwitch> {
  assertActor(context.actor, ['operator']);
  const returned = await deps.db.call((client) =>
    client.rpc('lift_kill_switch', {
      p_scope: scope,
      p_id: nullable<string>(null),
      p_reason: nullable(reason === undefined ? null : cleanText(reason, maxReason)),
      p_actor: actorName(context.actor),
      p_context: auditContext(context),
    }),
  );
  const { active } = settleChange(deps, returned);
  if (!active) throw new AppError('not_found', 'this scope is not stopped');
  return active;
}
