import { z } from 'zod';
import { taskStatuses } from '@actp/shared/tasks/state';

const Time = z.string().transform((text) => new Date(text).toISOString());
const usd = (minor: number) => minor / 100;

export const TaskStatus = z.enum(taskStatuses);

export const EffectState = z.enum(['reserved', 'done', 'not_done', 'unknown']);

/** A task as callers see it: times in UTC with milliseconds, money in USD. */
export const Task = z.object({
  id: z.uuid(),
  status: TaskStatus,
  /** `user:<email>`; null when the account is gone. */
  requested_by: z.string().nullable(),
  prompt: z.string(),
  agent: z.string().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.string().nullable(),
  /** A word for programs, for instance `price_moved`. */
  error_code: z.string().nullable(),
  /** What it has really cost; null until it is over. */
  cost_usd: z.number().nullable(),
  max_spend: z.number(),
  approval_id: z.uuid().nullable(),
  effects: z.array(
    z.object({
      id: z.uuid(),
      kind: z.string(),
      state: EffectState,
      /** The service's own id of what it has done. */
      reference: z.string().nullable(),
      reason: z.string().nullable(),
      attempts: z.int(),
      approval_id: z.uuid(),
    }),
  ),
  created_at: z.string(),
  updated_at: z.string(),
  ended_at: z.string().nullable(),
  version: z.int(),
});
export type Task = z.output<typeof Task>;

/** What happened to a task, oldest first. */
export const TaskStep = z.object({
  version: z.int(),
  name: z.string(),
  status: TaskStatus,
  facts: z.record(z.string(), z.unknown()),
  at: Time,
});

export const TaskWithSteps = Task.extend({ steps: z.array(TaskStep) });
export type TaskWithSteps = z.output<typeof TaskWithSteps>;

/** A task as the database has it. */
const Row = Task.omit({ cost_usd: true, max_spend: true }).extend({
  max_spend_minor: z.int(),
  cost_minor: z.int().nullable(),
  created_at: Time,
  updated_at: Time,
  ended_at: Time.nullable(),
});

function toTask({ max_spend_minor, cost_minor, ...row }: z.output<typeof Row>): Task {
  return {
    ...row,
    cost_usd: cost_minor === null ? null : usd(cost_minor),
    max_spend: usd(max_spend_minor),
  };
}

/** A task of the database, as callers see it. */
export const StoredTask = Row.transform(toTask);

/** The same with its steps. */
export const StoredTaskWithSteps = Row.extend({ steps: z.array(TaskStep) }).transform(
  ({ steps, ...row }): TaskWithSteps => ({ ...toTask(row), steps }),
);
