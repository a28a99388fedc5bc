import { redeemApproval } from '@actp/services/approvals/redeem';
import { RefusalError } from '@actp/services/approvals/refusals';
import type { TaskPlan, TaskWork } from '@actp/services/tasks/task-store';
import { TaskError } from '../agents/task-error.ts';
import { contextOfWork, subjectOf } from './ask-guard.ts';
import type { EngineDeps } from './engine-deps.ts';

/**
 * Redeems the approval of a task that has no effect outside, which the policy wants all the same. (An effect redeems its approval itself, in the
 * transaction that reserves it.)
 *
 * @throws TaskError with the refusal
 */
export async function redeemRun(
  deps: EngineDeps,
  work: TaskWork,
  plan: TaskPlan,
  approvalId: string,
): Promise<void> {
  try {
    await redeemApproval(deps.guard, approvalId, subjectOf(plan), contextOfWork(work, plan.agent));
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    // By this task, before a crash: nobody else can.
    if (error.result !== 'already_redeemed')
      throw new TaskError(error.result, error.message, { cause: error });
  }
}
