import type { ApprovalHead } from '../approval-head.ts';
import type { CardWarnings } from './card-warnings.ts';
import { row, type Row } from './row.ts';
import { shownMasked } from './shown.ts';
import { quoted } from './string-rows.ts';

/** Who asks: the agent that really did, and whom it says it asks for. What another program inserted, nobody has asked for. */
export function askerRows(
  { agent_id, requested_by, source }: Pick<ApprovalHead, 'agent_id' | 'requested_by' | 'source'>,
  warnings: CardWarnings,
): Row[] {
  const named = quoted(shownMasked(requested_by, warnings));
  if (source === 'direct') {
    return [row({ bold: 'Requested by' }, ': ', named, ' (inserted by another program, not verified)')];
  }
  if (agent_id === requested_by) return [row({ bold: 'Requested by' }, ': ', named)];
  return [
    row({ bold: 'Requested by' }, ': ', quoted(shownMasked(agent_id, warnings))),
    row({ bold: 'On behalf of' }, ': ', named, ' (not verified)'),
  ];
}
