import type { ApprovalHead } from '@actp/services/approvals/approval-head';
import { shortId } from '@actp/services/approvals/card/card-facts';
import { between } from '@actp/services/approvals/card/when';
import { deciderText } from '@actp/services/approvals/decider-text';
import { stateOf } from '@actp/shared/approvals/state';
import { visibleText } from '@actp/shared/visible-text';

/** A pending approval on one line. */
export function pendingLine(approval: ApprovalHead): string {
  const { id, action, critical, approvers, approvals, expires_at } = approval;
  const marks = [
    ...(critical ? ['CRITICAL'] : []),
    ...(approvers > 1 ? [`${approvals} of ${approvers} approvals`] : []),
    `${between(new Date().toISOString(), expires_at)} left`,
  ];
  return oneLine(`${shortId(id)}  ${action}, requested by ${askerText(approval)}: ${marks.join(', ')}`);
}

function askerText({ agent_id, requested_by, source }: ApprovalHead): string {
  if (source === 'direct') return `${requested_by} (inserted by another program, not verified)`;
  return agent_id === requested_by ? requested_by : `${agent_id} on behalf of ${requested_by} (not verified)`;
}

/** What became of an approval: `approved by ada@example.com`. */
export function stateText(approval: ApprovalHead): string {
  const { status, decided_by } = approval;
  const state = stateOf(approval);
  const by = decided_by === null ? '' : ` by ${deciderText(approval)}`;
  return oneLine(`${status}${by}${state === status ? '' : `, ${state}`}`);
}

/** What a decision has led to. */
export function decisionText(approval: ApprovalHead): string {
  const { status, approvals, approvers } = approval;
  if (status === 'pending') {
    return `Your approval is recorded: ${approvals} of ${approvers}. Another person must approve too.`;
  }
  return status === 'approved' ? '✅ Approved.' : '❌ Rejected.';
}

const oneLine = (text: string) => visibleText(text.replaceAll(/[^\S ]+/g, ' '));

/** JSON for a program, which is harmless on a terminal too: what is not plain ASCII is escaped. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
