import type { LoggedEvent } from '@actp/services/audit/read';
import { ocsfEvent } from './ocsf.ts';

export interface ExportFormat {
  contentType: string;
  extension: string;
  head: string;
  line(event: LoggedEvent): string;
}

const columns = [
  'id',
  'event_id',
  'agent_id',
  'action_type',
  'status',
  'result',
  'error',
  'started_at',
  'completed_at',
  'ip_address',
  'user_agent',
  'request_id',
  'task_id',
  'approval_id',
  'created_at',
  'chain_lane',
  'chain_seq',
  'prev_hash',
  'hash',
  'source',
] as const satisfies ReadonlyArray<keyof LoggedEvent>;

/** How the log can be taken away: line by line, so that nothing has to be held. */
export const formats = {
  jsonl: {
    contentType: 'application/x-ndjson',
    extension: 'jsonl',
    head: '',
    line: (event) => `${JSON.stringify(event)}\n`,
  },
  // RFC 4180.
  csv: {
    contentType: 'text/csv; charset=utf-8',
    extension: 'csv',
    head: `${columns.join(',')}\r\n`,
    line: (event) => `${columns.map((column) => csvField(event[column])).join(',')}\r\n`,
  },
  // Open Cybersecurity Schema Framework, one event a line.
  ocsf: {
    contentType: 'application/x-ndjson',
    extension: 'ocsf.jsonl',
    head: '',
    line: (event) => `${JSON.stringify(ocsfEvent(event))}\n`,
  },
} as const satisfies Record<string, ExportFormat>;

/** A field that a spreadsheet takes for text: whatever it would run as a formula gets an apostrophe in front (OWASP). */
function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = typeof value === 'string' && /^[\s]*[=+\-@\t\r\n|%＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
