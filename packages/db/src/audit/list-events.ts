import type { Db } from '../client.ts';
import { nullable } from '../nullable.ts';

export interface AuditPageRequest {
  filter: Record<string, string | string[]>;
  /** The last event of the page before. */
  before: { at: string; id: number } | undefined;
  limit: number;
}

interface Row {
  result: unknown;
  /** The result as it is stored, where it has long numbers. */
  result_text: string | null;
}

/**
 * A page of the audit log, newest first, every number with the digits that it was written with: one that JavaScript has no
 * number for stands as an object in its place, of which `JSON.stringify` makes the same digits again.
 */
export async function listAuditEvents(
  db: Db,
  { filter, before, limit }: AuditPageRequest,
): Promise<unknown[]> {
  const rows: unknown = await db.call((client) =>
    client.rpc('list_audit_events', {
      p_filter: filter,
      p_before_at: nullable(before?.at),
      p_before_id: nullable(before?.id),
      p_limit: limit,
    }),
  );
  // Our own function wrote it; checking each of a thousand rows would take longer than reading them.
  return (rows as Row[]).map(({ result_text, ...event }) =>
    result_text === null ? event : { ...event, result: parseWithDigits(result_text) },
  );
}

// In V8 since Node 21; TypeScript's library does not have them yet.
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
type Reviver = (key: string, value: unknown) => unknown;

function parseWithDigits(text: string): unknown {
  const keep = (_key: string, value: unknown, { source }: { source?: string }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value;
  return JSON.parse(text, keep as Reviver);
}
