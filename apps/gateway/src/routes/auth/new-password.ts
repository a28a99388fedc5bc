import { z } from '@hono/zod-openapi';

const rule = 'must have 12 to 1024 characters';

/** A password that somebody chooses. Long is what counts; there are no rules about its characters. */
export const NewPassword = z
  .string()
  .min(12, rule)
  .max(1_024, rule)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be valid text');
