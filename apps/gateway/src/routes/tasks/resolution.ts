import { z } from '@hono/zod-openapi';
import { resolveEffect } from '@actp/services/tasks/resolve-effect';
import type { AppDeps } from '../../app-deps.ts';
import { contextOf } from '../../audit/origin.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { IdParam, taskAnswer, withoutSecrets } from './shared.ts';

/** `POST /v1/tasks/{id}/effects/{effect_id}/resolution`: an operator has looked and says whether an unknown effect happened. */
export function resolveEffectRoute(serve: ServeRoute, deps: Pick<AppDeps, 'tasks'>): void {
  serve(
    {
      operationId: 'resolveEffect',
      callers: ['operator'],
      audit: 'service',
      method: 'post',
      path: '/v1/tasks/{id}/effects/{effect_id}/resolution',
      summary: 'Say whether an effect happened of which nobody knew',
      tags: ['tasks'],
      request: {
        params: IdParam.extend({ effect_id: z.uuid('must be an effect id (a UUID)') }),
        body: {
          required: true,
          content: { 'application/json': { schema: z.strictObject({ happened: z.boolean() }) } },
        },
      },
      responses: {
        200: taskAnswer('Recorded'),
        404: { description: 'No such task or effect' },
        409: { description: 'The effect is not unknown, or another answer was given' },
      },
    },
    async (c, caller) => {
      const { id, effect_id } = c.req.valid('param');
      const { happened } = c.req.valid('json');
      const task = await resolveEffect(
        deps.tasks,
        { taskId: id, effectId: effect_id, happened },
        contextOf(c, caller),
      );
      return c.json(withoutSecrets(task), 200);
    },
  );
}
