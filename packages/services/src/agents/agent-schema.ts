import { z } from 'zod';
import { AppError } from '@actp/shared/errors';

const Time = z.string().transform((text) => new Date(text).toISOString());

/** An agent that has a key, as operators see it: without the key. */
export const Agent = z.object({
  id: z.string(),
  note: z.string().nullable(),
  /** Globs of the actions that it may ask for; null: all. */
  actions: z.array(z.string()).nullable(),
  expires_at: Time.nullable(),
  created_at: Time,
  created_by: z.string(),
  rotated_at: Time.nullable(),
  last_used_at: Time.nullable(),
});
export type Agent = z.output<typeof Agent>;

const Changed = z.object({ result: z.string(), agent: Agent.optional() });

const refusals: Record<string, () => AppError> = {
  not_found: () => new AppError('not_found', 'no such agent'),
  conflict: () =>
    new AppError('conflict', 'there is an agent of this name, or of one that differs by case alone', {
      fields: [{ field: 'id', message: 'is taken' }],
    }),
  too_many: () => new AppError('conflict', 'there are 1000 agents already; delete some'),
  expired: () =>
    new AppError('conflict', 'the end date of this agent has passed; create it again with another one'),
  past: () =>
    new AppError('validation_failed', 'the request is not valid', {
      fields: [{ field: 'expires_at', message: 'must lie in the future' }],
    }),
};

/** Reads the result of a SQL function that changes an agent. @throws AppError with the code of the refusal */
export function settleAgent(returned: unknown): Agent {
  const { result, agent } = Changed.parse(returned);
  const refusal = refusals[result];
  if (refusal) throw refusal();
  if (!agent) throw new AppError('internal', 'the database returned no agent');
  return agent;
}
