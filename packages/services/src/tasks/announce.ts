import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import type { TaskHub } from './hub.ts';
import type { Task } from './task-schema.ts';

/**
 * Announces, in the background, that a task was stored or changed: to those who wait for it, and to executors. Both also find out by
 * themselves (the hub polls, executors sweep), so nothing here may fail a request.
 */
export function createTaskAnnouncer(deps: {
  hub: TaskHub;
  producer: Producer;
  log: Logger;
}): (task: Task) => void {
  return ({ id, status, version }) => {
    deps.hub.announce(id);
    if (status !== 'queued') return;
    deps.producer
      .add('run-task', { task_id: id }, { jobId: `task-${id}-${version}` })
      .catch((error: unknown) =>
        deps.log.warn({ err: error, task_id: id }, 'task not queued, the next sweep finds it'),
      );
  };
}
