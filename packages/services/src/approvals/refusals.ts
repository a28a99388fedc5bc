import { AppError, type ErrorCode } from '@actp/shared/errors';

/** What the SQL functions return when they refuse, and the error that a caller gets. */
const refusals: Record<string, [code: ErrorCode, message: string, field?: string]> = {
  not_found: ['not_found', 'there is no such approval'],
  already_decided: ['conflict', 'it has been decided already'],
  not_approved: ['conflict', 'it is not approved'],
  already_redeemed: ['conflict', 'it has been redeemed already'],
  not_redeemed: ['conflict', 'it was never redeemed, so it has no outcome'],
  already_recorded: ['conflict', 'another outcome was recorded before'],
  kill_switch: [
    'kill_switch',
    'an operator has stopped this: nothing is asked, decided or redeemed until it is lifted',
  ],
  limit_reached: ['limit_reached', 'a limit of the policy is reached, and its gate denies beyond it'],
  expired: ['gone', 'nobody decided in time: it has expired'],
  lapsed: ['gone', 'the permission was not used in time'],
  digest_mismatch: ['digest_mismatch', 'this is not what the approval is about'],
  own_request: ['forbidden', 'who asks cannot decide'],
  idempotency_mismatch: [
    'idempotency_mismatch',
    'this Idempotency-Key was used with another body before',
    'Idempotency-Key',
  ],
};

/** The error for a result; undefined when the result is not a refusal. */
export function refusalOf(result: string): AppError | undefined {
  const refusal = refusals[result];
  if (!refusal) return undefined;
  const [code, message, field] = refusal;
  return new AppError(code, message, field === undefined ? {} : { fields: [{ field, message }] });
}
