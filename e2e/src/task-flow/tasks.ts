import { TaskWithSteps, Task } from '@actp/services/tasks/task-schema';
import { isOver } from '@actp/shared/tasks/state';
import { z } from 'zod';
import { CheckFailed, checkEqual } from './check.ts';
import type { Person } from './person.ts';

const waitSeconds = 25;
// Short, because one that waits for a person already when it is asked for is answered when that is over.
const waitForPersonSeconds = 1;
// Only to end what hangs.
const longestSeconds = 500;

const Accepted = Task.pick({ id: true, status: true });

/** A person asks for something. @returns the id of the task */
export async function ask(
  person: Person,
  prompt: string,
  { maxSpend, key }: { maxSpend?: number; key?: string } = {},
): Promise<string> {
  const answer = await person.call('/v1/tasks', {
    method: 'POST',
    body: { prompt, ...(maxSpend !== undefined && { max_spend: maxSpend }) },
    headers: key === undefined ? {} : { 'idempotency-key': key },
    expect: 202,
  });
  return Accepted.parse(answer).id;
}

/** The task once it is over. @throws CheckFailed when it ends in another status, or waits for a person */
export async function ended(
  person: Person,
  id: string,
  status: Task['status'],
  errorCode: string | null = null,
): Promise<TaskWithSteps> {
  const task = await waitFor(person, id, waitSeconds, (now) => isOver(now.status));
  checkEqual([task.status, task.error_code], [status, errorCode], `the task (${task.error ?? 'no error'})`);
  return task;
}

/** The task once it waits for a person. @throws CheckFailed when it ends before */
export async function waiting(person: Person, id: string): Promise<TaskWithSteps & { approval_id: string }> {
  const task = await waitFor(
    person,
    id,
    waitForPersonSeconds,
    ({ status }) => status === 'awaiting_approval' || isOver(status),
  );
  const { approval_id, status, error } = task;
  if (status !== 'awaiting_approval' || approval_id === null) {
    throw new CheckFailed(`the task is ${status} and does not wait for a person (${error ?? 'no error'})`);
  }
  return { ...task, approval_id };
}

async function waitFor(
  person: Person,
  id: string,
  seconds: number,
  isThere: (task: TaskWithSteps) => boolean,
): Promise<TaskWithSteps> {
  for (let left = longestSeconds; left > 0; left -= seconds) {
    const headers = { prefer: `wait=${seconds}` };
    const task = TaskWithSteps.parse(await person.call(`/v1/tasks/${id}`, { headers, expect: 200 }));
    if (isThere(task)) return task;
  }
  throw new CheckFailed(`task ${id} got nowhere in ${longestSeconds} s`);
}

const Approval = z.object({
  status: z.string(),
  action: z.string(),
  details: z.record(z.string(), z.unknown()),
  action_digest: z.string(),
});

/** What the operator is shown. */
export async function cardOf(operator: Person, approvalId: string): Promise<z.infer<typeof Approval>> {
  return Approval.parse(await operator.call(`/v1/approvals/${approvalId}`, { expect: 200 }));
}

/** The operator decides about exactly what they have seen. */
export async function decide(
  operator: Person,
  approvalId: string,
  decision: 'approved' | 'rejected',
  expect = 200,
): Promise<void> {
  const { action_digest } = await cardOf(operator, approvalId);
  await operator.call(`/v1/approvals/${approvalId}/decision`, {
    method: 'POST',
    body: { decision, action_digest, reason: 'seen' },
    expect,
  });
}
