import { asJson, checkPolicy } from '@actp/services/approvals/policy-check';
import { refusalOf } from '@actp/services/approvals/refusals';
import { toClaimRows } from '@actp/services/limits/claim';
import type { Effect, TaskPlan, TaskWork } from '@actp/services/tasks/task-store';
import { payloadDigest } from '@actp/shared/approvals/digest';
import type { JsonObject, Performance } from '../agents/agent.ts';
import { TaskError } from '../agents/task-error.ts';
import { allowedAgent } from './allowed-agent.ts';
import type { EngineDeps } from './engine-deps.ts';
import { TaskLost } from './interruptions.ts';

/**
 * Prepares the effect, redeems the approval for exactly what was shown, and reserves the effect, the last two in one transaction. Asks
 * the policy in force once more.
 *
 * @throws TaskError with the refusal; TaskLost
 */
export async function releaseEffect(
  deps: EngineDeps,
  work: TaskWork,
  plan: TaskPlan,
  place: number,
  performance: Pick<Performance, 'prepare' | 'keyKeptSeconds'>,
): Promise<Effect> {
  const planned = plan.effects[place];
  if (!planned) throw new TaskError('not_planned', 'the agent wants an effect that it has not planned');
  allowedAgent(deps, plan.agent);
  const payload = await performance.prepare();
  const { action, details } = planned;
  const { guard } = deps;
  const { check, claims } = checkPolicy(
    guard.policy(),
    { action, details, agent: plan.agent, cost_usd: plan.at_most_minor / 100 },
    guard.maxSpendPerTask,
  );
  const { result, effect } = await deps.store.release(
    work.id,
    {
      place,
      payload,
      amount_minor: amountOf(planned.kind, payload),
      key_kept_seconds: performance.keyKeptSeconds,
    },
    {
      payload_digest: payloadDigest({ action, details }),
      policy: asJson(check),
      ...(claims.length > 0 && { limits: toClaimRows(claims) }),
    },
  );
  if (effect) return effect;
  if (result === 'lost') throw new TaskLost();
  throw new TaskError(result, messages[result] ?? refusalOf(result)?.message ?? 'the effect was refused');
}

const messages: Record<string, string> = {
  above_reservation: 'it costs more than was reserved for it',
  account_ended: 'the account of who asked has ended',
};

// A payment says what it takes; a payload that does not is refused rather than counted as nothing.
function amountOf(kind: string, payload: JsonObject): number {
  if (kind !== 'payment') return 0;
  const amount = payload['amount_minor'];
  if (typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0) return amount;
  throw new TaskError('internal', 'a payment has to say its amount');
}
