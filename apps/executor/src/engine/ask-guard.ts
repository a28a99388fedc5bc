import { requestApproval } from '@actp/services/approvals/request';
import { evaluateGuard } from '@actp/services/guard/evaluate';
import type { RequestContext } from '@actp/services/request-context';
import type { TaskPlan, TaskWork } from '@actp/services/tasks/task-store';
import { digestOf } from '@actp/shared/approvals/digest';
import { AppError } from '@actp/shared/errors';
import { TaskError } from '../agents/task-error.ts';
import type { EngineDeps } from './engine-deps.ts';

/** As whom the executor acts for a task: as its agent, from where the task came. */
export const contextOfWork = (work: TaskWork, agent: string): RequestContext => ({
  actor: { kind: 'system', id: agent },
  ip: work.ip ?? '127.0.0.1',
  userAgent: work.user_agent,
  requestId: work.request_id,
  taskId: work.id,
});

/** What the policy is asked about, and a person: the effect outside, or else the agent's run. */
export function subjectOf(plan: TaskPlan): { action: string; details: Record<string, unknown> } {
  const [effect] = plan.effects;
  if (plan.effects.length > 1) {
    throw new TaskError('too_many_effects', 'a task has at most one effect outside');
  }
  return effect ?? { action: `${plan.agent}.run`, details: { task: plan.input } };
}

/**
 * Asks the guard. An effect outside needs a person whatever the policy allows; the policy can ask for one in other cases as well.
 *
 * @returns the id of the approval that was asked for; undefined when nobody has to say yes
 * @throws TaskError `policy_denied`
 */
export async function askGuard(
  deps: EngineDeps,
  work: TaskWork,
  plan: TaskPlan,
): Promise<string | undefined> {
  const { action, details } = subjectOf(plan);
  const context = contextOfWork(work, plan.agent);
  const cost_usd = plan.at_most_minor / 100;
  const { decision } = await evaluateGuard(
    deps.guard,
    {
      action,
      details,
      cost_usd,
      text: work.prompt,
      text_source: 'user',
      approval: undefined,
      work: undefined,
    },
    context,
  );
  if (decision.effect === 'deny') {
    const why = decision.reasons.map(({ detail }) => detail).join('; ');
    throw new TaskError('policy_denied', `the policy denies ${action} (${decision.rule}): ${why}`);
  }
  if (decision.effect === 'allow' && plan.effects.length === 0) return undefined;
  const body = { action, details };
  try {
    const approval = await requestApproval(
      deps.guard,
      {
        ...body,
        requested_by: work.requested_by,
        reason: work.prompt,
        ttl_seconds: deps.approvalTtlSeconds,
        chat_id: null,
        callback_url: null,
        cost_usd,
        // Asked again after a crash, it is the same approval.
        idempotency: { key: `task-${work.id}`, bodyDigest: digestOf(body) },
      },
      context,
    );
    return approval.id;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
    throw new TaskError(error.code, error.message, { cause: error });
  }
}
