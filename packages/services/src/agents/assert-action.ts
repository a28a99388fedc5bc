import { matchesAction, normaliseAction } from '@actp/policy/action-name';
import { AppError } from '@actp/shared/errors';
import type { Actor } from '../actor.ts';

/** @throws AppError `action_not_allowed` when the actor is an agent that may ask for other actions only */
export function assertActionAllowed(actor: Actor, action: string): void {
  if (actor.kind !== 'agent' || actor.actions === undefined) return;
  const normal = normaliseAction(action);
  if (normal !== undefined && actor.actions.some((pattern) => matchesAction(pattern, normal))) return;
  throw new AppError('action_not_allowed', 'the key of this agent is not for this action', {
    fields: [{ field: 'action', message: 'is none of the actions that this agent may ask for' }],
  });
}
