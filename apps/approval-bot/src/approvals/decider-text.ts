import type { ApprovalHead } from '@actp/services/approvals/approval-head';

/** Who decided, as people know them: by name where there is one, beside what the record says. */
export function deciderText({
  decided_by,
  decided_by_name,
}: Pick<ApprovalHead, 'decided_by' | 'decided_by_name'>): string {
  if (decided_by === null) return '';
  return decided_by_name === null || decided_by === `operator:${decided_by_name}`
    ? decided_by
    : `${decided_by_name} (${decided_by})`;
}
