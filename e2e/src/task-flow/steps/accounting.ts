import { Task } from '@actp/services/tasks/task-schema';
import { isOver } from '@actp/shared/tasks/state';
import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import type { Person } from '../person.ts';
import type { Chapter } from '../step.ts';
import type { People } from '../world.ts';

const Spending = z.object({
  day: z.string(),
  spent: z.number(),
  reserved: z.number(),
  budget: z.number(),
  by_agent: z.record(z.string(), z.number()),
  by_day: z.array(z.object({ day: z.string(), spent: z.number(), reserved: z.number() })),
});

export const spending = ({ ann, bob }: People): Chapter => ({
  title: 'Spending, and who sees what',
  steps: [
    {
      name: 'spending',
      async run() {
        const tasks = await tasksOf(ann);
        const spent = Spending.parse(await ann.call('/v1/spending', { expect: 200 }));
        const { by_agent, by_day } = spent;
        // By day, so that a run that crosses midnight counts all of it.
        const total = cents(by_day.map((day) => day.spent));
        checkEqual(total, cents(tasks.map(({ cost_usd }) => cost_usd ?? 0)), 'the sum of all days, in cents');
        checkEqual(
          [spent.reserved, cents(by_day.map(({ reserved }) => reserved))],
          [0, 0],
          'what is reserved',
        );
        const today = by_day.find(({ day }) => day === spent.day)?.spent ?? 0;
        checkEqual(cents([today]), cents([spent.spent]), 'what was spent today, in cents');
        checkEqual(cents(Object.values(by_agent)), cents([spent.spent]), 'the sum of all agents, in cents');
        return `${spent.spent} USD of ${spent.budget}, none reserved; ${JSON.stringify(by_agent)}`;
      },
    },
    {
      name: 'tasks of others',
      async run() {
        const [task] = await tasksOf(ann);
        check(task !== undefined, 'Ann has to have a task');
        await bob.call(`/v1/tasks/${task.id}`, { expect: 404 });
        await bob.call(`/v1/tasks/${task.id}/cancel`, { method: 'POST', body: {}, expect: 404 });
        checkEqual(await tasksOf(bob), [], 'Bob’s tasks');
        const theirs = Spending.parse(await bob.call('/v1/spending', { expect: 200 }));
        checkEqual([theirs.spent, theirs.reserved], [0, 0], 'what Bob has spent');
        return 'Bob hears 404 about a task of Ann’s, and has none of his own';
      },
    },
  ],
});

/** All of somebody's tasks, each of them over. */
export async function tasksOf(person: Person): Promise<Task[]> {
  const answer = await person.call('/v1/tasks?limit=100', { expect: 200 });
  const { tasks } = z.object({ tasks: z.array(Task) }).parse(answer);
  checkEqual(
    tasks.filter(({ status }) => !isOver(status)),
    [],
    'the tasks that are not over',
  );
  return tasks;
}

const cents = (usd: readonly number[]): number =>
  usd.reduce((sum, amount) => sum + Math.round(amount * 100), 0);
