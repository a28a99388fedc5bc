import type { Approval } from './approval.ts';
import type { Reason } from './decision.ts';
import type { Problem } from './problem.ts';

/** How the gateway refuses; the words of its problem documents. */
const gatewayCodes = [
  'validation_failed',
  'unauthenticated',
  'forbidden',
  'agent_key_required',
  'action_not_allowed',
  'not_found',
  'conflict',
  'kill_switch',
  'limit_reached',
  'gone',
  'digest_mismatch',
  'too_large',
  'idempotency_mismatch',
  'policy_denied',
  'rate_limited',
  'unavailable',
  'plane_held',
  'timeout',
  'internal',
] as const;
type GatewayCode = (typeof gatewayCodes)[number];

export type ActpErrorCode =
  | GatewayCode
  | 'approval_rejected'
  | 'approval_expired'
  | 'approval_lapsed'
  | 'approval_cancelled'
  | 'outcome_unknown'
  | 'work_finished'
  | 'invalid_argument'
  | 'unexpected_answer';

export interface ActpErrorOptions extends ErrorOptions {
  problem?: Problem;
}

/** Base of everything that this package throws, except an AbortSignal's own reason and the TypeError for a wrong argument. No message holds the secret. */
export class ActpError extends Error {
  override readonly name: string = 'ActpError';
  readonly code: ActpErrorCode;
  /** What the gateway said, when it was the gateway that refused. */
  readonly problem: Problem | undefined;

  constructor(code: ActpErrorCode, message: string, options: ActpErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.problem = options.problem;
  }
}

/** The plane is unavailable, or says so itself. Nothing was allowed; trying again later is safe. */
export class ActpUnavailable extends ActpError {
  override readonly name = 'ActpUnavailable';
  /** When the gateway says that trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: ActpErrorOptions & { retryAfterSeconds?: number | undefined } = {}) {
    super(codeOf(options.problem) ?? 'unavailable', message, options);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The policy forbids it, or an operator has stopped it; no person is asked. */
export class PolicyDenied extends ActpError {
  override readonly name = 'PolicyDenied';
  /** What decided, for instance `gate:payment.*`, `MAX_SPEND_PER_TASK` or `kill_switch`. */
  readonly rule: string | undefined;
  /** Every objection. */
  readonly reasons: readonly Reason[];

  constructor(
    message: string,
    {
      rule,
      reasons = [],
      ...options
    }: ActpErrorOptions & { rule?: string | undefined; reasons?: readonly Reason[] },
  ) {
    super('policy_denied', message, options);
    this.rule = rule;
    this.reasons = reasons;
  }
}

/** This work may not be done, or not again. Asking anew for the same work needs another `workId`. */
export class ApprovalError extends ActpError {
  override readonly name: string = 'ApprovalError';
  /** Absent for work that the policy allowed without one. */
  readonly approval: Approval | undefined;

  constructor(
    code: ActpErrorCode,
    message: string,
    approval: Approval | undefined,
    options: ActpErrorOptions = {},
  ) {
    super(code, approval === undefined ? message : `${message} (approval ${approval.id})`, options);
    this.approval = approval;
  }
}

/** The same, where a person, or time, has decided: there always is an approval. */
class Undone extends ApprovalError {
  declare readonly approval: Approval;

  // oxlint-disable-next-line no-useless-constructor -- it narrows the parameter
  constructor(code: ActpErrorCode, message: string, approval: Approval, options: ActpErrorOptions = {}) {
    super(code, message, approval, options);
  }
}

/** A person said no. */
export class ApprovalRejected extends Undone {
  override readonly name = 'ApprovalRejected';
}

/** Nobody decided in time (`approval_expired`), or the yes was not used in time (`approval_lapsed`). */
export class ApprovalExpired extends Undone {
  override readonly name = 'ApprovalExpired';
}

/** The question was taken back. */
export class ApprovalCancelled extends Undone {
  override readonly name = 'ApprovalCancelled';
}

/**
 * The permission was used before and nobody knows what became of it: the action may have happened, or be happening.
 * Look at the world before doing anything; it is never run a second time under the same approval.
 */
export class OutcomeUnknown extends ApprovalError {
  override readonly name = 'OutcomeUnknown';
}

/** This work was done before; the message says how it ended. To do it once more, give another `workId`. */
export class WorkFinished extends ApprovalError {
  override readonly name = 'WorkFinished';
}

/**
 * For the action of `guard` to throw when it failed before it had any effect (nothing was sent, spent or changed): what
 * an allow counted against limits is given back then, and what an approval did when an operator confirms it. `guard` throws it on as
 * it is.
 */
export class FailedBeforeEffect extends Error {
  override readonly name = 'FailedBeforeEffect';
}

/** The code of a problem document, when it is one that we know. */
export function codeOf(problem: Problem | undefined): GatewayCode | undefined {
  return gatewayCodes.find((code) => code === problem?.code);
}
