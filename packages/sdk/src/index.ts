export { createClient, type ActpClient } from './client.ts';
export type { ClientOptions, ReportFailure } from './options.ts';
export type { Approval, Grant } from './approval.ts';
export type { AskOptions } from './request-approval.ts';
export type { GuardAskOptions } from './ask-guard.ts';
export type { Reason } from './decision.ts';
export type { RequireOptions } from './require-approval.ts';
export type { GuardOptions, Permit } from './guard.ts';
export type { FieldProblem, Problem } from './problem.ts';
export {
  ActpError,
  ActpUnavailable,
  ApprovalCancelled,
  ApprovalError,
  ApprovalExpired,
  ApprovalRejected,
  FailedBeforeEffect,
  OutcomeUnknown,
  PolicyDenied,
  WorkFinished,
  type ActpErrorCode,
} from './errors.ts';
