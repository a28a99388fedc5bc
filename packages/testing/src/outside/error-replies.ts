import { FaultKind, type Fault } from './faults.ts';
import type { OutsideReply } from './route.ts';

const messages: Partial<Record<FaultKind, [status: number, message: string]>> = {
  '429': [429, 'Too many requests'],
  quota_day: [429, 'Quota of the day used up'],
  quota_month: [429, 'Quota of the month used up'],
  key_conflict_409: [409, 'Conflict'],
  '200_with_error_body': [200, 'Something went wrong'],
};

/** What a fault that is an answer of the service looks like, unless the service has words of its own. */
export function plainErrorReply(fault: Fault): OutsideReply {
  const [status, message] = messages[fault.kind] ?? [fault.status ?? 503, 'Unavailable'];
  return { status, body: { error: { message } }, headers: fault.kind === '429' ? retryAfter(fault) : {} };
}

/** The header that says how long to wait, where the fault puts it into one. */
export const retryAfter = (fault: Fault): Record<string, string> =>
  fault.wait === 'header' ? { 'retry-after': String(fault.retryAfterSeconds) } : {};

const answerKinds: ReadonlySet<FaultKind> = new Set(
  FaultKind.extract([
    '429',
    'quota_day',
    'quota_month',
    'key_conflict_409',
    '200_with_error_body',
    '5xx_after_effect',
    '5xx_before_effect',
    'reconcile_unavailable',
  ]).options,
);

/** Faults that are an answer of the service and not a fault of the wire. */
export const isErrorReply = ({ kind }: Fault): boolean => answerKinds.has(kind);

/** Whether the request has its effect although this goes wrong. */
export function hasEffect(fault: Fault): boolean {
  if (fault.when !== undefined) return fault.when === 'after';
  return !isErrorReply(fault) || fault.kind === '5xx_after_effect';
}
