import { z } from '@hono/zod-openapi';

/** What an agent says about something that it was allowed to do. */
export const outcomeFields = {
  status: z.enum(['succeeded', 'failed']),
  before_effect: z.boolean().optional().openapi({
    description:
      'With `failed`: it failed before it had any effect, so what it counted against limits is given back',
  }),
};

/** What succeeded had its effect. */
export const isOutcome = (said: { status: string; before_effect?: boolean | undefined }): boolean =>
  said.status === 'failed' || said.before_effect !== true;

export const outcomeRule = { path: ['before_effect'], message: 'may be true with status failed only' };
