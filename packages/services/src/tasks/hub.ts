import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';
import type { RedisTarget } from '@actp/shared/redis';
import { taskChannel } from '@actp/shared/tasks/channel';
import { createChangeHub, type ChangeHub } from '../changes/hub.ts';
import { readTask } from './read.ts';
import type { TaskWithSteps } from './task-schema.ts';

export type TaskHub = ChangeHub<TaskWithSteps>;

/** Who waits for which task in this process. Whoever follows one has to have checked whose it is. */
export function createTaskHub(deps: { db: Db; redis: RedisTarget; log: Logger }): TaskHub {
  const { db } = deps;
  return createChangeHub<TaskWithSteps>({
    ...deps,
    channel: taskChannel,
    read: (id) => readTask(db, id, 'all'),
    versions: async (ids) =>
      (await db.call((client) => client.rpc('task_versions', { p_ids: ids }))) as Record<string, number>,
  });
}
