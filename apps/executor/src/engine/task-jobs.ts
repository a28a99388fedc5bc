import type { Handlers } from '@actp/shared/jobs/worker';
import { UnavailableError } from '@actp/shared/errors';
import type { EngineDeps } from './engine-deps.ts';
import type { Holds } from './holds.ts';
import { TaskLost } from './interruptions.ts';
import { runTask } from './run-task.ts';

export interface TaskJobsDeps extends EngineDeps {
  holds: Holds;
  /** Called when a task may have changed; must not throw. */
  changed: (taskId: string) => void;
  /** Looks for tasks that are due: one of the same user may have waited for this one. */
  wake: () => void;
  /** How long a task may be worked on without a pause. */
  longestMs: number;
}

/** The jobs of queue `tasks`. A job is a hint: whichever comes first takes the task up, and later ones find it held or over. */
export function createTaskJobs(deps: TaskJobsDeps): Handlers<'tasks'> {
  const { store, holds, changed, wake, log } = deps;
  return {
    async 'run-task'({ task_id }, { signal: stopping }) {
      const claimed = await store.claim(task_id);
      changed(task_id);
      if (claimed.result === 'not_found') return { state: 'gone' };
      if (claimed.result !== 'claimed') return { state: claimed.result };
      try {
        return await holds.during(task_id, async (lost) => {
          const late = AbortSignal.timeout(deps.longestMs);
          const signal = AbortSignal.any([lost, late, stopping]);
          return { state: await runTask(deps, claimed.work, signal) };
        });
      } catch (error) {
        if (error instanceof TaskLost) return { state: 'lost' };
        if (stopping.aborted) {
          // Somebody else may go on at once.
          await store.delay(task_id, 0, 'the executor stopped');
          return { state: 'later' };
        }
        log.warn({ err: error, task_id }, 'a task was interrupted, and goes on later');
        if (!(error instanceof UnavailableError)) await store.delay(task_id, deps.retryMs * 2, 'interrupted');
        return { state: 'later' };
      } finally {
        changed(task_id);
        wake();
      }
    },
  };
}
