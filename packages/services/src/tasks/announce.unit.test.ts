import { expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { createTaskAnnouncer } from './announce.ts';
import type { Task } from './task-schema.ts';

const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';

it('a changed task is announced to those who wait, and to executors when they have to do something; without a queue nothing fails', async () => {
  const told: string[] = [];
  const queued: unknown[] = [];
  const logged: string[] = [];
  const state = { away: false };
  const announce = createTaskAnnouncer({
    hub: { announce: (one: string) => void told.push(one) } as Parameters<
      typeof createTaskAnnouncer
    >[0]['hub'],
    producer: {
      add: async (...job: unknown[]) => {
        if (state.away) throw new Error('away');
        queued.push(job);
      },
    } as unknown as Parameters<typeof createTaskAnnouncer>[0]['producer'], // nothing else is used
    log: createLogger({
      app: 'test',
      level: 'info',
      destination: { write: (line) => void logged.push(line) },
    }),
  });
  const task = (status: Task['status'], version: number) => ({ id, status, version }) as Task; // nothing else is read
  announce(task('queued', 1));
  announce(task('running', 2));
  announce(task('succeeded', 3));
  state.away = true;
  announce(task('queued', 4));
  await new Promise(setImmediate);
  expect(told).toEqual([id, id, id, id]);
  expect(queued).toEqual([['run-task', { task_id: id }, { jobId: `task-${id}-1` }]]);
  expect(logged.map((line) => JSON.parse(line) as object)).toMatchObject([
    {
      ...{ level: 'warn', task_id: id, err: { message: 'away' } },
      msg: 'task not queued, the next sweep finds it',
    },
  ]);
});
