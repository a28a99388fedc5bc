import { redact } from '@actp/redaction/redact';
import { redactValue } from '@actp/redaction/redact-value';
import type { AuditRow } from './event.ts';

/** Takes secrets out of every text of an event. What redaction makes too long for its column is cut there. */
export function redactEvent(row: AuditRow): AuditRow {
  return {
    ...row,
    agent_id: short(row.agent_id, 128),
    action_type: short(row.action_type, 128),
    status: short(row.status, 64),
    ...(typeof row.error === 'string' ? { error: redact(row.error) } : {}),
    ...(row.result === undefined ? {} : { result: redactValue(row.result) }),
    ...(typeof row.user_agent === 'string' ? { user_agent: short(row.user_agent, 512) } : {}),
    ...(typeof row.request_id === 'string' ? { request_id: short(row.request_id, 128) } : {}),
  };
}

function short(text: string, max: number): string {
  const clean = redact(text);
  return clean === text ? text : Array.from(clean).slice(0, max).join('');
}
