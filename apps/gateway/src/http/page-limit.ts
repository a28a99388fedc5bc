import { z } from '@hono/zod-openapi';

/** The `limit` of a list: a whole number in the query, never clamped. */
export function pageLimit(max: number, fallback: number) {
  const rule = `must be a whole number from 1 to ${max}`;
  return z
    .string()
    .regex(/^[1-9]\d{0,5}$/, rule)
    .transform(Number)
    .refine((n) => n <= max, rule)
    .default(fallback);
}
