import type { Db } from '@actp/db/client';
import { AppError } from '@actp/shared/errors';
import { z } from 'zod';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import { StoredTask, type Task } from './task-schema.ts';

export interface ChangeTaskDeps {
  db: Db;
  /** Called after every change; must not throw. */
  announce: (task: Task) => void;
}

const Cancelled = z.object({ result: z.string(), task: StoredTask.optional() });

/**
 * Whoever asked for a task takes it back. Its approval is cancelled, and the money that it reserved is free again.
 *
 * @throws AppError `forbidden`, `not_found`, `conflict` when it is over, or an effect is under way
 */
export async function cancelTask(deps: ChangeTaskDeps, id: string, context: RequestContext): Promise<Task> {
  const { actor } = context;
  assertActor(actor, ['user']);
  const { result, task } = Cancelled.parse(
    await deps.db.call((client) =>
      client.rpc('cancel_task', {
        p_id: id,
        p_user: actor.id,
        p_actor: actorName(actor),
        p_context: auditContext(context),
      }),
    ),
  );
  if (result === 'already_ended') throw new AppError('conflict', `the task is over (${task?.status})`);
  if (result === 'effect_under_way') {
    throw new AppError('conflict', 'its effect is under way and cannot be taken back');
  }
  if (!task) throw new AppError('not_found', 'no such task');
  deps.announce(task);
  return task;
}
