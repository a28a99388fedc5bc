import { z } from '@hono/zod-openapi';
import { redactValue } from '@actp/redaction/redact-value';
import type { TaskReader } from '@actp/services/tasks/read';
import { Task as TaskSchema, TaskWithSteps as WithSteps } from '@actp/services/tasks/task-schema';
import type { Caller } from '../../app-env.ts';
import { namedSchema } from '../../http/named-schema.ts';

export const Task = namedSchema('Task', TaskSchema);
export const TaskWithSteps = namedSchema('TaskWithSteps', WithSteps);

export const IdParam = z.object({ id: z.uuid('must be a task id (a UUID)') });

/** Whose tasks a caller may see. */
export const readerOf = (caller: Extract<Caller, { kind: 'user' | 'operator' }>): TaskReader =>
  caller.kind === 'operator' ? 'all' : { userId: caller.id };

/** A task as it leaves: what an agent brought may hold secrets that were in a page. */
export const withoutSecrets = <T extends object>(task: T): T => redactValue(task);

export const taskAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: Task } },
});

export const notFound = { 404: { description: 'No such task, or that of another user' } } as const;
