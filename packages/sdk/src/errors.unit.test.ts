import { expect, it } from 'vitest';
import type { Approval } from './approval.ts';
import {
  ActpError,
  ActpUnavailable,
  ApprovalCancelled,
  ApprovalExpired,
  ApprovalRejected,
  FailedBeforeEffect,
  OutcomeUnknown,
  PolicyDenied,
  WorkFinished,
} from './errors.ts';

const approval = { id: '7' } as Approval;

it.each<[string, Error]>([
  ['ActpError', new ActpError('conflict', 'why')],
  ['ActpUnavailable', new ActpUnavailable('why')],
  ['ApprovalCancelled', new ApprovalCancelled('approval_cancelled', 'why', approval)],
  ['ApprovalExpired', new ApprovalExpired('approval_expired', 'why', approval)],
  ['ApprovalRejected', new ApprovalRejected('approval_rejected', 'why', approval)],
  ['FailedBeforeEffect', new FailedBeforeEffect('why')],
  ['OutcomeUnknown', new OutcomeUnknown('outcome_unknown', 'why', approval)],
  ['PolicyDenied', new PolicyDenied('why', { rule: 'a', reasons: [] })],
  ['WorkFinished', new WorkFinished('work_finished', 'why', approval)],
])('%s is told apart by its name, also where `instanceof` is of no use', (name, error) => {
  expect(error.name).toBe(name);
  expect(error.message).toMatch(/^why(?: \(approval 7\))?$/);
});
