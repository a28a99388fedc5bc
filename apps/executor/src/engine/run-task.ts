import type { TaskPlan, TaskWork } from '@actp/services/tasks/task-store';
import { redact } from '@actp/redaction/redact';
import { redactValue } from '@actp/redaction/redact-value';
import { ProviderError } from '@actp/providers/provider-error';
import type { AgentResult } from '../agents/agent.ts';
import { TaskError } from '../agents/task-error.ts';
import { NotUnderstood } from '../intent/not-understood.ts';
import { allowedAgent } from './allowed-agent.ts';
import type { EngineDeps } from './engine-deps.ts';
import { assertHeld, TaskDelayed } from './interruptions.ts';
import { performEffect } from './perform.ts';
import { redeemRun } from './redeem-run.ts';
import { permitTask, planTask } from './plan-task.ts';

export type Progress = 'over' | 'waiting' | 'later';

/**
 * Takes a held task as far as it goes now: to its end, to a person's answer, or to a later time.
 *
 * @throws TaskLost; whatever the database throws: then the task is taken up again
 */
export async function runTask(deps: EngineDeps, work: TaskWork, signal: AbortSignal): Promise<Progress> {
  let spent = work.plan?.intent_cost_minor ?? 0;
  try {
    const planned = work.plan === null ? await planTask(deps, work, signal) : work;
    if (!planned?.plan) return 'over';
    const { plan } = planned;
    spent = plan.intent_cost_minor;
    // Once an effect is reserved, a person has said yes to it.
    const permitted = planned.approval_id !== null || planned.effects.length > 0;
    if (!permitted && (await permitTask(deps, planned, plan))) return 'waiting';
    if (planned.approval_id !== null && plan.effects.length === 0) {
      await redeemRun(deps, planned, plan, planned.approval_id);
    }
    const { result, costMinor } = await runAgent(deps, planned, plan, signal);
    const cost = costMinor === 'unknown' ? plan.at_most_minor : spent + Math.ceil(costMinor);
    assertHeld(
      await deps.store.finish(work.id, { event: 'succeed', result: redactValue(result), cost_minor: cost }),
    );
    return 'over';
  } catch (error) {
    if (error instanceof TaskDelayed) {
      assertHeld(await deps.store.delay(work.id, error.ms, redact(error.message)));
      return 'later';
    }
    signal.throwIfAborted();
    const { code, message } = failureOf(error);
    if (error instanceof NotUnderstood && error.costMinor !== 'unknown') spent = Math.ceil(error.costMinor);
    assertHeld(
      await deps.store.finish(work.id, {
        event: 'fail',
        error: redact(message),
        error_code: code,
        ...(work.agent !== null && { agent: work.agent }),
        cost_minor: spent,
        budget_minor: deps.dailyBudgetMinor,
      }),
    );
    return 'over';
  }
}

function runAgent(
  deps: EngineDeps,
  work: TaskWork,
  plan: TaskPlan,
  signal: AbortSignal,
): Promise<AgentResult> {
  const agent = allowedAgent(deps, plan.agent);
  return agent.run({
    taskId: work.id,
    signal,
    // It was parsed by this very schema before it was stored; a release whose schema has changed parses it again.
    input: agent.input.parse(plan.input),
    facts: plan.facts,
    atMostMinor: plan.at_most_minor - plan.intent_cost_minor,
    perform: (place, performance) => performEffect(deps, work, plan, place, performance),
    async step(name, facts) {
      assertHeld(await deps.store.step(work.id, name, redactValue(facts), true));
    },
  });
}

/** What the person is told. What nobody expected is not for them; whoever operates the plane finds it in the log. @throws what is not the task's fault */
function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof TaskError) return { code: error.code, message: error.message };
  if (error instanceof ProviderError) return { code: `provider_${error.kind}`, message: error.message };
  throw error;
}
