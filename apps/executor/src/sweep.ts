import type { TaskStore } from '@actp/services/tasks/task-store';
import { createCoalescingLoop } from '@actp/shared/coalescing-loop';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { createOutageLog } from '@actp/shared/outage-log';

// As many at once; what is left comes with the next turn.
const batch = 100;
// The job that is made of it has this long before the task is named again.
const againSeconds = 15;

/**
 * Asks the database which tasks are due and queues them: new ones whose job got lost, ones whose executor died, delays that are over,
 * decisions that came.
 */
export function createSweep(deps: {
  store: Pick<TaskStore, 'due'>;
  producer: Pick<Producer, 'add'>;
  log: Logger;
  everyMs: number;
}): { wake: () => void; stop: () => Promise<void> } {
  const { store, producer, log, everyMs } = deps;
  const loop = createCoalescingLoop(
    async () => {
      const ids = await store.due(batch, againSeconds);
      await Promise.all(ids.map((task_id) => producer.add('run-task', { task_id })));
      return ids.length === batch ? 0 : undefined;
    },
    createOutageLog(log, 'due tasks could not be queued'),
  );
  const timer = setInterval(() => loop.wake(), everyMs);
  loop.wake();
  return {
    wake: () => loop.wake(),
    async stop() {
      clearInterval(timer);
      await loop.stop();
    },
  };
}
