import { AppError } from '@actp/shared/errors';
import type { Db } from '@actp/db/client';
import { ApprovalResult, type Approval } from './approval-schema.ts';
import { refusalOf } from './refusals.ts';
import { recordDecisionTime } from './trace.ts';

export interface ApprovalDeps {
  db: Db;
  /** Called after every change, so that waiters and cards learn of it soon; must not throw. */
  announce: (approval: Approval) => void;
}

/**
 * Reads the result of a SQL function that changes an approval, and announces the change.
 *
 * @throws AppError with the code of the refusal
 */
export function settle({ announce }: ApprovalDeps, returned: unknown) {
  const { result, approval, traceparent, ...rest } = ApprovalResult.parse(returned);
  const refusal = refusalOf(result);
  // An expiry that a refused call has found is a change as well.
  if (approval !== undefined && (refusal === undefined || result === 'expired')) announce(approval);
  recordDecisionTime({ result, approval, traceparent });
  if (refusal) throw refusal;
  return { approval, ...rest };
}

/** The same, where the result has to bring the approval. */
export function settledApproval(deps: ApprovalDeps, returned: unknown): Approval {
  const { approval } = settle(deps, returned);
  if (!approval) throw new AppError('internal', 'the database returned no approval');
  return approval;
}
