/** The life of a task as one table. The SQL function next_task_status is what enforces it; a test compares the two. */
export const taskStatuses = [
  'queued',
  'running',
  'awaiting_approval',
  'succeeded',
  'failed',
  'rejected',
  'cancelled',
] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const taskEvents = [
  'start',
  'ask',
  'resume',
  'succeed',
  'fail',
  'reject',
  'cancel',
  /** An effect that was unknown turns out to have happened. */
  'happened',
] as const;
export type TaskEvent = (typeof taskEvents)[number];

const transitions: Record<TaskStatus, Partial<Record<TaskEvent, TaskStatus>>> = {
  queued: { start: 'running', cancel: 'cancelled', fail: 'failed' },
  running: {
    ask: 'awaiting_approval',
    succeed: 'succeeded',
    fail: 'failed',
    reject: 'rejected',
    cancel: 'cancelled',
  },
  awaiting_approval: { resume: 'running', reject: 'rejected', fail: 'failed', cancel: 'cancelled' },
  succeeded: {},
  failed: { happened: 'succeeded' },
  rejected: {},
  cancelled: {},
};

/** The status after an event; undefined when it is not allowed there, and then nothing may change. */
export function nextTaskStatus(status: TaskStatus, event: TaskEvent): TaskStatus | undefined {
  return transitions[status][event];
}

/** Nothing is under way any more; an operator may still say what happened. */
export const isOver = (status: TaskStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'rejected' || status === 'cancelled';
