import { z } from '@hono/zod-openapi';
import type { Position } from '@actp/services/position';

/** Opaque to callers, so that its inside may change. */
export const writeCursor = ({ at, id }: { at: string; id: string | number }): string =>
  Buffer.from(`${at} ${id}`).toString('base64url');

/**
 * The `cursor` of a list: a `next_cursor` of an earlier answer, and nothing else.
 *
 * @param id what an id of the list looks like
 */
export function pageCursor(id: RegExp) {
  return z
    .string()
    .max(200)
    .transform((text, ctx) => {
      const position = readCursor(text);
      if (position && id.test(position.id)) return position;
      ctx.addIssue({ code: 'custom', message: 'must be a next_cursor of an earlier answer' });
      return z.NEVER;
    })
    .optional();
}

function readCursor(cursor: string): Position | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const match = /^(\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|[+\d:]{3,6})) (\S+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined || Number.isNaN(Date.parse(match[1])))
    return undefined;
  return { at: match[1], id: match[2] };
}
