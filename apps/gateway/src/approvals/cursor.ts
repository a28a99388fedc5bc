/** Where a page ended: opaque to callers, so that its inside may change. */
export interface Position {
  at: string;
  id: string;
}

export const writeCursor = ({ at, id }: Position): string => Buffer.from(`${at} ${id}`).toString('base64url');

/** The position in a cursor that we wrote; undefined for anything else. */
export function readCursor(cursor: string): Position | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const match =
    /^(\d{4}-\d\d-\d\dT[\d:.]{8,15}[+\d:]{3,6}|\d{4}-\d\d-\d\dT[\d:.]{8,15}Z) ([0-9a-f-]{36})$/.exec(text);
  return match?.[1] !== undefined && match[2] !== undefined ? { at: match[1], id: match[2] } : undefined;
}
