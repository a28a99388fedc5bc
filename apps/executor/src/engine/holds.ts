import type { TaskStore } from '@actp/services/tasks/task-store';
import type { Logger } from '@actp/shared/log';
import { repeat } from '@actp/shared/repeat';
import { TaskLost } from './interruptions.ts';

/** Keeps the tasks that this executor works on its own, and tells when one is lost. */
export interface Holds {
  /** Works on a task while it is held. */
  during<T>(taskId: string, work: (lost: AbortSignal) => Promise<T>): Promise<T>;
  /** Somebody has changed this task: looks whether it is still held. */
  check(taskId: string): void;
  stop(): Promise<void>;
}

/** @param everyMs well below the time for which a task is held */
export function createHolds(deps: { store: Pick<TaskStore, 'hold'>; log: Logger; everyMs: number }): Holds {
  const { store, log } = deps;
  const active = new Map<string, AbortController>();

  async function extend(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const before = new Map(ids.map((id) => [id, active.get(id)]));
    const held = new Set(await store.hold(ids));
    for (const [id, controller] of before) if (!held.has(id)) controller?.abort(new TaskLost());
  }
  const stop = repeat(log, deps.everyMs, () => extend([...active.keys()]));

  return {
    async during(taskId, work) {
      const controller = new AbortController();
      active.set(taskId, controller);
      try {
        return await work(controller.signal);
      } finally {
        if (active.get(taskId) === controller) active.delete(taskId);
      }
    },
    check(taskId) {
      if (!active.has(taskId)) return;
      extend([taskId]).catch((error: unknown) =>
        log.warn({ err: error, task_id: taskId }, 'hold not checked'),
      );
    },
    stop,
  };
}
