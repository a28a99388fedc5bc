import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { AppError } from '@actp/shared/errors';
import { z } from 'zod';
import type { Position } from '../position.ts';
import { StoredTask, StoredTaskWithSteps, type Task, type TaskWithSteps } from './task-schema.ts';

/** Whose tasks somebody may see: a user their own, an operator all. */
export type TaskReader = { userId: string } | 'all';

const userOf = (reader: TaskReader) => (reader === 'all' ? undefined : reader.userId);

/** One task with its steps. @throws AppError `not_found`, also for somebody else's */
export async function readTask(db: Db, id: string, reader: TaskReader): Promise<TaskWithSteps> {
  const row: unknown = await db.call((client) =>
    client.rpc('read_task', { p_id: id, p_user: nullable(userOf(reader)) }),
  );
  if (row === null) throw new AppError('not_found', 'no such task');
  return StoredTaskWithSteps.parse(row);
}

const Place = z.object({ created_at: z.string(), id: z.uuid() });

/** A page of tasks, newest first and without results, each with its position in the list. */
export async function listTasks(
  db: Db,
  query: {
    reader: TaskReader;
    status: Task['status'] | undefined;
    before: Position | undefined;
    limit: number;
  },
): Promise<Array<{ task: Task; position: Position }>> {
  const rows: unknown = await db.call((client) =>
    client.rpc('list_tasks', {
      p_user: nullable(userOf(query.reader)),
      p_status: nullable(query.status),
      p_before_at: nullable(query.before?.at),
      p_before_id: nullable(query.before?.id),
      p_limit: query.limit,
    }),
  );
  return z
    .array(z.unknown())
    .parse(rows)
    .map((row) => {
      const { created_at, id } = Place.parse(row);
      return { task: StoredTask.parse(row), position: { at: created_at, id } };
    });
}
