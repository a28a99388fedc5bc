import type { TaskPlan, TaskWork } from '@actp/services/tasks/task-store';
import type { Agent, Cost, PlannedEffect } from '../agents/agent.ts';
import { TaskError } from '../agents/task-error.ts';
import { allowedAgent } from './allowed-agent.ts';
import { effectKeys } from './effect-key.ts';
import type { EngineDeps, Intent } from './engine-deps.ts';
import { askGuard } from './ask-guard.ts';
import { assertHeld, TaskLost } from './interruptions.ts';

/**
 * Understands the prompt, says what will be done and what it may cost, and asks the guard. What comes out is stored once, with the money
 * reserved: from here on nothing plans again.
 *
 * @returns the task with its plan; undefined when it ended because it is too expensive
 * @throws TaskError, TaskLost
 */
export async function planTask(
  deps: EngineDeps,
  work: TaskWork,
  signal: AbortSignal,
): Promise<TaskWork | undefined> {
  const mayCost = work.max_spend_minor > 0 && work.spent_today_minor < deps.dailyBudgetMinor;
  const intent = await deps.parseIntent(work.prompt, mayCost, signal);
  work.agent = intent.agent;
  const agent = allowedAgent(deps, intent.agent);
  const input = agent.input.safeParse(intent.input);
  if (!input.success) {
    const fields = input.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
    throw new TaskError('not_understood', `${agent.name} cannot do that: ${fields.join('; ')}`);
  }
  const cost = await agent.estimateCost(input.data, { taskId: work.id, signal });
  const effects = agent.effects(input.data, cost, { taskId: work.id });
  const plan = toPlan(work, intent, agent, input.data, cost, effects);
  const planned = await deps.store.plan(work.id, plan, deps.dailyBudgetMinor);
  if (planned.result === 'lost') throw new TaskLost();
  return 'work' in planned ? planned.work : undefined;
}

function toPlan(
  work: TaskWork,
  intent: Intent,
  agent: Agent,
  input: unknown,
  cost: Cost,
  effects: readonly PlannedEffect[],
): TaskPlan {
  // What is not known is the most that it may be.
  const known = (minor: number | 'unknown') => (minor === 'unknown' ? work.max_spend_minor : minor);
  const unknown = intent.costMinor === 'unknown' || cost.atMostMinor === 'unknown';
  const intentCost = Math.ceil(known(intent.costMinor));
  const keys = effectKeys(work.id, effects);
  return {
    agent: agent.name,
    input: input as TaskPlan['input'],
    facts: cost.facts,
    effects: effects.map(({ kind, action, details }, place) => ({
      kind,
      action,
      details,
      key: keys[place] ?? '',
    })),
    at_most_minor: unknown ? work.max_spend_minor : intentCost + Math.ceil(known(cost.atMostMinor)),
    intent_cost_minor: intentCost,
    by: intent.by,
    ...(intent.note !== undefined && { note: intent.note }),
  };
}

/**
 * Asks the guard about the task, and a person where one is needed: always for an effect outside.
 *
 * @returns whether the task waits now
 * @throws TaskError `policy_denied`, `kill_switch`
 */
export async function permitTask(deps: EngineDeps, work: TaskWork, plan: TaskPlan): Promise<boolean> {
  const approvalId = await askGuard(deps, work, plan);
  if (approvalId === undefined) return false;
  assertHeld(await deps.store.awaitApproval(work.id, approvalId));
  return true;
}
