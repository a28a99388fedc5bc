import { z } from 'zod';
import { activeTracer, recordSpan, type TraceCarrier } from '@actp/shared/telemetry/tracer';
import type { ApprovalHead } from './approval-head.ts';

/** Beside an approval: the trace in which it was asked for. */
export const Traced = z.object({ traceparent: z.string().nullish() });
export type Traced = z.output<typeof Traced>;

/** Whose part the work on an approval is; undefined when nothing is known or traces are off. */
export function traceOfApproval({ traceparent }: Traced): TraceCarrier | undefined {
  return activeTracer() === undefined || typeof traceparent !== 'string' ? undefined : { traceparent };
}

/** The time that people took to decide, as a span of its own, by the database's clock. Only for a decision that counts. */
export function recordDecisionTime({ result, approval, traceparent }: Decided): void {
  const parent = traceOfApproval({ traceparent });
  if (parent === undefined || result !== 'decided' || !approval?.decided_at) return;
  recordSpan('approval decision', {
    parent,
    start: new Date(approval.created_at),
    end: new Date(approval.decided_at),
    attributes: {
      'actp.approval_id': approval.id,
      'actp.action': approval.action,
      'actp.decision': approval.status,
      // Which kind of person; who it was is in the audit log.
      'actp.decided_in': approval.decided_by?.split(':')[0],
    },
  });
}

interface Decided extends Traced {
  result: string;
  approval?:
    | Pick<ApprovalHead, 'id' | 'action' | 'status' | 'created_at' | 'decided_at' | 'decided_by'>
    | undefined;
}
