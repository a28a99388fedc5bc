import type { AuditSummary } from '@actp/db/audit/summary';
import type { Verification } from '@actp/db/audit/verify-log';

/** The week as a message for a phone: short lines, what is wrong first. */
export function summaryText(
  summary: AuditSummary,
  chain: Pick<Verification, 'ok' | 'checked' | 'first_bad'>,
  tz: string,
): string {
  const { events, errors, denied, unique_actors, approvals, security_events, top_actions } = summary;
  const foreign = summary.not_counted;
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: tz, day: 'numeric', month: 'short' });
  const rate = events === 0 ? 0 : (100 * errors) / events;
  return [
    `📋 Audit, ${day.format(new Date(summary.since))} to ${day.format(new Date(summary.until))}`,
    chain.ok
      ? `Chain: intact (${count(chain.checked)} rows checked)`
      : `🔴 Chain: BROKEN. ${chain.first_bad?.reason ?? 'Verification failed'}`,
    '',
    `Events: ${count(events)}`,
    `Errors: ${count(errors)} (${rate.toFixed(1)} %)`,
    `Denied: ${count(denied)}`,
    `Unique actors: ${count(unique_actors)}`,
    `Security events: ${count(security_events)}`,
    `Approvals: ${count(approvals.requested)} requested, ${count(approvals.approved)} approved, ` +
      `${count(approvals.rejected)} rejected, ${count(approvals.expired)} expired`,
    ...(foreign > 0 ? [`⚠️ Not counted: ${count(foreign)} rows that others wrote in the plane's words`] : []),
    '',
    ...(top_actions.length === 0 ? ['No events.'] : ['Top actions:']),
    ...top_actions.map(
      ({ action_type, count: n }, index) => `${index + 1}. ${short(action_type)}: ${count(n)}`,
    ),
  ].join('\n');
}

const count = (n: number) => n.toLocaleString('en-US');
// One line each, whatever an agent calls its action.
const short = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
};
