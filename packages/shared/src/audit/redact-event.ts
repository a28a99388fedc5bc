import { redact } from '@actp/redaction/redact';
import { redactValue } from '@actp/redaction/redact-value';
import { cleanText } from './clean-text.ts';
import { maxRedactedErrorBytes, maxRedactedResultBytes, type AuditRow } from './event.ts';

/** Takes secrets out of every text of an event. What redaction makes too long for its column is cut there. */
export function redactEvent(row: AuditRow): AuditRow {
  return {
    ...row,
    agent_id: cleanText(row.agent_id, 128),
    action_type: cleanText(row.action_type, 128),
    status: cleanText(row.status, 64),
    ...(typeof row.error === 'string' ? { error: shortBytes(row.error, maxRedactedErrorBytes) } : {}),
    ...(row.result === undefined ? {} : { result: fitting(row.result) }),
    ...(typeof row.user_agent === 'string' ? { user_agent: cleanText(row.user_agent, 512) } : {}),
    ...(typeof row.request_id === 'string' ? { request_id: cleanText(row.request_id, 128) } : {}),
  };
}

function shortBytes(text: string, max: number): string {
  const clean = redact(text);
  // No character has more than three bytes for each of its units, so most are not counted.
  if (clean === text || clean.length * 3 <= max) return clean;
  const bytes = Buffer.from(clean);
  if (bytes.length <= max) return clean;
  // A character that is cut in two becomes one that says so.
  return bytes
    .subarray(0, max)
    .toString()
    .replace(/\ufffd$/, '');
}

function fitting(result: unknown): unknown {
  const clean = redactValue(result);
  if (clean === result) return clean;
  const bytes = Buffer.byteLength(JSON.stringify(clean) ?? '');
  return bytes <= maxRedactedResultBytes ? clean : `[cut: ${bytes} bytes once redacted]`;
}
