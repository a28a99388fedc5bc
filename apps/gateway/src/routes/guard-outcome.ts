import { z } from '@hono/zod-openapi';
import { recordGuardOutcome } from '@actp/services/limits/record-outcome';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';
import { contextOf } from '../audit/origin.ts';
import { outcomeFields, isOutcome, outcomeRule } from './outcome-fields.ts';

/** `POST /v1/guard/{grant_id}/outcome`: what became of something that was allowed and counted against a limit. */
export function guardOutcomeRoute(serve: ServeRoute, deps: Pick<AppDeps, 'db'>): void {
  serve(
    {
      operationId: 'recordGuardOutcome',
      callers: ['agent'],
      audit: 'service',
      asItself: 'acts',
      method: 'post',
      path: '/v1/guard/{grant_id}/outcome',
      summary: 'Report the outcome of an allowed action; a failure before any effect is no longer counted',
      tags: ['guard'],
      request: {
        params: z.object({ grant_id: z.uuid('must be a grant_id that the guard answered (a UUID)') }),
        body: {
          required: true,
          content: {
            'application/json': { schema: z.strictObject(outcomeFields).refine(isOutcome, outcomeRule) },
          },
        },
      },
      responses: {
        200: {
          description: 'Recorded',
          content: {
            'application/json': {
              schema: z.object({
                grant_id: z.uuid(),
                status: z.enum(['succeeded', 'failed']),
                before_effect: z.boolean(),
              }),
            },
          },
        },
        404: { description: 'No such grant, or it is no longer kept' },
        409: { description: 'Another outcome is recorded' },
      },
    },
    async (c, caller) => {
      const { status, before_effect = false } = c.req.valid('json');
      const { grant_id } = c.req.valid('param');
      await recordGuardOutcome(
        deps.db,
        grant_id,
        { status, beforeEffect: before_effect },
        contextOf(c, caller),
      );
      return c.json({ grant_id, status, before_effect }, 200);
    },
  );
}
