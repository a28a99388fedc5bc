import { cancelTask } from '@actp/services/tasks/cancel';
import type { AppDeps } from '../../app-deps.ts';
import { contextOf } from '../../audit/origin.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { IdParam, notFound, taskAnswer, withoutSecrets } from './shared.ts';

/** `POST /v1/tasks/{id}/cancel`: whoever asked takes it back, unless an effect is under way. */
export function cancelTaskRoute(serve: ServeRoute, deps: Pick<AppDeps, 'tasks'>): void {
  serve(
    {
      operationId: 'cancelTask',
      callers: ['user'],
      audit: 'service',
      method: 'post',
      path: '/v1/tasks/{id}/cancel',
      summary: 'Cancel a task',
      tags: ['tasks'],
      request: { params: IdParam },
      responses: {
        200: taskAnswer('Cancelled, now or before'),
        ...notFound,
        409: { description: 'Over, or its effect is under way' },
      },
    },
    async (c, caller) => {
      const task = await cancelTask(deps.tasks, c.req.valid('param').id, contextOf(c, caller));
      return c.json(withoutSecrets(task), 200);
    },
  );
}
