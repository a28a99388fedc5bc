import { redact } from '@actp/redaction/redact';
import { redactValue } from '@actp/redaction/redact-value';
import { cleanText } from './clean-text.ts';
import type { AuditRow } from './event.ts';

/** Takes secrets out of every text of an event. What redaction makes too long for its column is cut there. */
export function redactEvent(row: AuditRow): AuditRow {
  return {
    ...row,
    agent_id: cleanText(row.agent_id, 128),
    action_type: cleanText(row.action_type, 128),
    status: cleanText(row.status, 64),
    ...(typeof row.error === 'string' ? { error: redact(row.error) } : {}),
    ...(row.result === undefined ? {} : { result: redactValue(row.result) }),
    ...(typeof row.user_agent === 'string' ? { user_agent: cleanText(row.user_agent, 512) } : {}),
    ...(typeof row.request_id === 'string' ? { request_id: cleanText(row.request_id, 128) } : {}),
  };
}
