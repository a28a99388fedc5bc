import { AppError } from '@actp/shared/errors';
import { z } from 'zod';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { ChangeTaskDeps } from './cancel.ts';
import { StoredTask, type Task } from './task-schema.ts';

const Resolved = z.object({ result: z.string(), task: StoredTask.optional() });

/**
 * An operator says whether an effect happened of which nobody knew. When all of a task's effects have happened it has succeeded after
 * all; money of what has not happened is given back.
 *
 * @throws AppError `forbidden`, `not_found`, `conflict` when the effect is not unknown, or another answer was given
 */
export async function resolveEffect(
  deps: ChangeTaskDeps,
  { taskId, effectId, happened }: { taskId: string; effectId: string; happened: boolean },
  context: RequestContext,
): Promise<Task> {
  assertActor(context.actor, ['operator']);
  const { result, task } = Resolved.parse(
    await deps.db.call((client) =>
      client.rpc('resolve_effect', {
        p_task: taskId,
        p_effect: effectId,
        p_happened: happened,
        p_actor: actorName(context.actor),
        p_context: auditContext(context),
      }),
    ),
  );
  if (result === 'not_unknown') throw new AppError('conflict', 'what became of this effect is known');
  if (result === 'already_resolved') throw new AppError('conflict', 'an operator has given the other answer');
  if (!task) throw new AppError('not_found', 'no such task or effect');
  deps.announce(task);
  return task;
}
