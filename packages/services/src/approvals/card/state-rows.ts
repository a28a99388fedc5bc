import { redact } from '@actp/redaction/redact';
import { stateOf, type ApprovalState } from '@actp/shared/approvals/state';
import { deciderText } from '../decider-text.ts';
import type { CardFacts } from './card-facts.ts';
import { row, type Row } from './row.ts';
import { quoted } from './string-rows.ts';
import { reportedError } from './reported-error.ts';
import { shown } from './shown.ts';
import { timeText } from './when.ts';

// A comment of whoever decided; it is no part of the request, so it may be cut.
const commentLength = 400;

/** What became of an approval: who, when, and what followed. */
export function stateRows({
  approval,
  timeZone,
  outcome_result,
}: Pick<CardFacts, 'approval' | 'timeZone' | 'outcome_result'>): Row[] {
  const { decided_by, decided_at, decision_reason } = approval;
  const decider = deciderText(approval);
  const state = stateOf(approval);
  const by = decided_by === null ? '' : ` by ${shown(decider)}`;
  const at = decided_at === null ? '' : ` at ${timeText(decided_at, timeZone)}`;
  const rows = [row({ bold: `${headlines[state]}${by}` }, at)];
  const followed = followedText(state, approval, timeZone);
  if (followed !== undefined) rows.push(row(followed));
  const error = state === 'failed' ? reportedError(outcome_result) : undefined;
  if (error !== undefined) rows.push(row({ bold: 'Reported error' }, ': ', quoted(comment(error))));
  if (decision_reason !== null) rows.push(row('Comment: ', comment(decision_reason)));
  return rows;
}

const headlines: Record<ApprovalState, string> = {
  pending: '🔔 Waiting for a decision',
  approved: '✅ Approved',
  redeemed: '✅ Approved',
  succeeded: '✅ Approved',
  failed: '✅ Approved',
  unknown: '✅ Approved',
  lapsed: '✅ Approved',
  rejected: '❌ Rejected',
  expired: '⌛ Expired without a decision (counts as rejected)',
  cancelled: '🚫 Cancelled',
};

function followedText(
  state: ApprovalState,
  { grant_expires_at, redeemed_at, outcome_at, expires_at }: CardFacts['approval'],
  timeZone: string,
): string | undefined {
  const at = (time: string | null) => (time === null ? '' : ` at ${timeText(time, timeZone)}`);
  switch (state) {
    case 'approved':
      return grant_expires_at === null ? undefined : `Valid until ${timeText(grant_expires_at, timeZone)}.`;
    case 'redeemed':
      return `Used${at(redeemed_at)}; no result yet.`;
    case 'succeeded':
      return `Used; succeeded${at(outcome_at)}.`;
    case 'failed':
      return `Used; FAILED${at(outcome_at)}.`;
    case 'unknown':
      return 'Used; the outcome was never reported.';
    case 'lapsed':
      return 'Never used: the permission has lapsed.';
    case 'expired':
      return `Expired${at(expires_at)}.`;
    case 'pending':
    case 'rejected':
    case 'cancelled':
      return undefined;
  }
}

function comment(text: string): string {
  const clean = shown(redact(text)).replaceAll('\n', ' ');
  return clean.length <= commentLength ? clean : `${clean.slice(0, commentLength).toWellFormed()}…`;
}
