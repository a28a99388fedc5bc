import { z } from '@hono/zod-openapi';

// What moves a cursor, ends a terminal's line or turns the direction of writing shows people something else than was sent.
const unreadable = /(?![\n\t])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * A text that people will read: trimmed, and without characters that change how the text around them is shown.
 *
 * @param max UTF-16 units
 * @param options.oneLine no line breaks and tabs either: a name
 */
export function readableText(max: number, { oneLine = false }: { oneLine?: boolean } = {}) {
  return z
    .string()
    .trim()
    .max(max)
    .refine((text) => text.isWellFormed(), 'must be valid text')
    .refine((text) => !unreadable.test(text), 'must not have control characters')
    .refine((text) => !oneLine || !/[\n\t]/.test(text), 'must be one line');
}
