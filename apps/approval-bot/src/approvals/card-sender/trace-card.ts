import { span } from '@actp/shared/telemetry/tracer';
import type { StoredApproval } from '@actp/services/approvals/card-store';
import { traceOfApproval } from '@actp/services/approvals/trace';

/** Does something to the card of an approval as a part of the trace in which that was asked for. */
export function traceCard<T>(
  what: 'send' | 'edit' | 'remind',
  stored: StoredApproval,
  work: () => Promise<T>,
): Promise<T> {
  const attributes = { 'actp.approval_id': stored.approval.id };
  return span(`approval card ${what}`, { attributes, parent: traceOfApproval(stored) }, work);
}
