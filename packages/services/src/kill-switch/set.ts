import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError } from '@actp/shared/errors';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { ActiveKillSwitch } from './active.ts';
import { maxReason, settleChange, type KillSwitchDeps } from './apply-result.ts';

/**
 * An operator stops a scope.
 *
 * @returns `alreadySet`: it was, and stays so for the reason that was given then
 * @throws AppError `forbidden`, `conflict`
 */
export async function setKillSwitch(
  deps: KillSwitchDeps,
  { scope, reason }: { scope: string; reason: string },
  context: RequestContext,
): Promise<{ active: ActiveKillSwitch; alreadySet: boolean }> {
  assertActor(context.actor, ['operator']);
  const returned = await deps.db.call((client) =>
    client.rpc('set_kill_switch', {
      p_scope: scope,
      p_reason: cleanText(reason, maxReason),
      p_actor: actorName(context.actor),
      p_context: auditContext(context),
    }),
  );
  const { result, active } = settleChange(deps, returned);
  if (result === 'too_many') {
    throw new AppError('conflict', 'too many scopes are stopped already; stop all, or lift some');
  }
  if (!active) throw new AppError('internal', 'the database returned no switch');
  return { active, alreadySet: result === 'known' };
}
