import { setImmediate as others } from 'node:timers/promises';
import { redactValue } from '@actp/redaction/redact-value';
import type { Approval } from '@actp/services/approvals/approval-schema';

/** Approvals as lists have them. Between two of them others get their turn: details may be large. */
export async function withoutSecrets(approvals: readonly Approval[]): Promise<Approval[]> {
  const clean: Approval[] = [];
  for (const approval of approvals) {
    clean.push({ ...approval, details: redactValue(approval.details) });
    await others();
  }
  return clean;
}
