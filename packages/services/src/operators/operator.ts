import { z } from 'zod';

const Time = z.string().transform((text) => new Date(text).toISOString());

/** The account of an operator, as operators see it. */
export const Operator = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  state: z.enum(['active', 'disabled', 'invited', 'invite_expired']),
  telegram_id: z.int().nullable(),
  created_at: Time,
  invite_expires_at: Time.nullable(),
});
export type Operator = z.output<typeof Operator>;

export const OperatorResult = z.object({ result: z.string(), operator: Operator.optional() });
