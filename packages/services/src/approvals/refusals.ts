import { AppError, type ErrorCode } from '@actp/shared/errors';

/** What the SQL functions return when they refuse, and the error that a caller gets. */
const refusals: Record<string, [code: ErrorCode, message: string, field?: string]> = {
  not_found: ['not_found', 'no such approval'],
  already_decided: ['conflict', 'already decided'],
  not_approved: ['conflict', 'not approved'],
  already_redeemed: ['conflict', 'already redeemed'],
  not_redeemed: ['conflict', 'not redeemed'],
  already_recorded: ['conflict', 'another outcome is already recorded'],
  kill_switch: [
    'kill_switch',
    'stopped by a kill switch; nothing can be requested, decided or redeemed until it is lifted',
  ],
  limit_reached: ['limit_reached', 'a policy limit is reached, and its gate denies anything beyond it'],
  policy_denied: ['policy_denied', 'the policy denies it'],
  spend_limit: ['policy_denied', 'its cost is above MAX_SPEND_PER_TASK'],
  policy_stricter: [
    'policy_denied',
    'the policy has become stricter since it was approved (more people, or a confirming press): ask anew',
  ],
  allowed_before: ['conflict', 'the guard allowed this work before, under the same Idempotency-Key'],
  expired: ['gone', 'expired without a decision'],
  lapsed: ['gone', 'the grant was not redeemed in time'],
  digest_mismatch: ['digest_mismatch', 'digest mismatch: this is not what was approved'],
  not_operator: [
    'forbidden',
    'not an operator who may act: the account is disabled, or the session has ended',
  ],
  other_agent: ['forbidden', 'another agent asked for this approval'],
  effect_of_task: [
    'conflict',
    'it is the effect of a task: resolve it with POST /v1/tasks/{id}/effects/{effect_id}/resolution',
  ],
  own_request: ['forbidden', 'the requester cannot decide'],
  idempotency_mismatch: [
    'idempotency_mismatch',
    'Idempotency-Key reused with a different body',
    'Idempotency-Key',
  ],
};

/** What a SQL function has refused, and its own word for why. */
export class RefusalError extends AppError {
  readonly result: string;

  constructor(result: string, ...rest: ConstructorParameters<typeof AppError>) {
    super(...rest);
    this.result = result;
  }
}

/** The error for a result; undefined when the result is not a refusal. */
export function refusalOf(result: string): RefusalError | undefined {
  const refusal = refusals[result];
  if (!refusal) return undefined;
  const [code, message, field] = refusal;
  return new RefusalError(result, code, message, field === undefined ? {} : { fields: [{ field, message }] });
}
