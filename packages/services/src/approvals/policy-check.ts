import type { Json } from '@actp/db/database-types';
import { readsCost } from '@actp/policy/cost-use';
import { evaluatePolicy, type Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { approvalRule } from '@actp/policy/policy';
import { normaliseAction } from '@actp/policy/action-name';
import { AppError } from '@actp/shared/errors';
import { RefusalError } from './refusals.ts';

/** Why nobody may approve it. */
export type Denial = Pick<Decision, 'rule' | 'reasons'>;

/** What the policy in force says of something that is asked about, decided or redeemed; what the SQL functions take. */
export interface PolicyCheck {
  version: string;
  denied: Denial | null;
  critical: boolean;
  approvers: number;
  /** What a stored cost is held against. */
  max_cost_usd?: number;
}

export interface CheckedRequest {
  action: string;
  details: object;
  /** Whose request it is. */
  agent: string;
  cost_usd?: number | undefined;
}

/**
 * Asks the policy in force about something that people are to approve, or have approved: what it denies cannot be approved.
 *
 * @param maxSpendPerTask USD; without it a cost is only what conditions and limits read
 * @throws AppError `validation_failed` when the action has no normal form
 */
export function checkPolicy(
  { policy, gates, version }: LoadedPolicy,
  request: CheckedRequest,
  maxSpendPerTask = Number.POSITIVE_INFINITY,
): { check: PolicyCheck; claims: readonly LimitClaim[] } {
  const action = normaliseAction(request.action);
  if (action === undefined) throw new AppError('validation_failed', 'the action cannot be normalised');
  const { decision, claims } = evaluatePolicy({ policy, gates, maxSpendPerTask }, { ...request, action });
  const { effect, rule, reasons } = decision;
  const denied = effect === 'deny' ? { rule, reasons } : null;
  const most = Number.isFinite(maxSpendPerTask) ? { max_cost_usd: maxSpendPerTask } : {};
  return { check: { version, denied, ...approvalRule(policy, action), ...most }, claims };
}

/** The check, or a part of it, as the SQL functions take it. */
export const asJson = (value: Partial<PolicyCheck> | Denial): Json => value as unknown as Json;

/** Whether the policy reads `cost_usd` for this action. */
export function needsCost({ gates }: LoadedPolicy, action: string): boolean {
  const normal = normaliseAction(action);
  return normal !== undefined && readsCost(gates.covering(normal));
}

/** The same refusal with what the policy has against it. */
export function withDenial(error: unknown, { denied }: PolicyCheck): unknown {
  if (!(error instanceof RefusalError) || error.code !== 'policy_denied' || denied === null) return error;
  const why = denied.reasons.map(({ detail }) => detail).join('; ');
  return new RefusalError(error.result, 'policy_denied', `the policy denies it (${denied.rule}): ${why}`, {
    cause: error,
    members: { rule: denied.rule, reasons: denied.reasons },
  });
}
