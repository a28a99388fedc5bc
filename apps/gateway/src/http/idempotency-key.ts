import { z } from 'zod';

/** The header under which a retry is the same request; any printable ASCII. */
export const IdempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
    .optional(),
});
