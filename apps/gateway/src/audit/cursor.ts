import type { AuditPosition } from './log.ts';

export const writeAuditCursor = ({ at, id }: AuditPosition): string =>
  Buffer.from(`${at} ${id}`).toString('base64url');

/** The position in a cursor that we wrote; undefined for anything else. */
export function readAuditCursor(cursor: string): AuditPosition | undefined {
  const match = /^(\d{4}-\d\d-\d\dT[\d:.]{8,15}\+00:00) (\d{1,15})$/.exec(
    Buffer.from(cursor, 'base64url').toString('latin1'),
  );
  return match?.[1] !== undefined && !Number.isNaN(Date.parse(match[1]))
    ? { at: match[1], id: Number(match[2]) }
    : undefined;
}
