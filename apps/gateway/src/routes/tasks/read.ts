import { z } from '@hono/zod-openapi';
import { waitForChange } from '@actp/services/changes/wait';
import { readTask } from '@actp/services/tasks/read';
import { isOver } from '@actp/shared/tasks/state';
import type { AppDeps } from '../../app-deps.ts';
import { watchCredential } from '../../auth/watch-credential.ts';
import { waitOf } from '../../http/prefer-wait.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { IdParam, notFound, readerOf, TaskWithSteps, withoutSecrets } from './shared.ts';

/** `GET /v1/tasks/{id}`: one task; with `Prefer: wait=N` the answer comes when it is over, or waits for a person. */
export function readTaskRoute(serve: ServeRoute, deps: Pick<AppDeps, 'db' | 'taskHub' | 'sessions'>): void {
  serve(
    {
      operationId: 'readTask',
      callers: ['user', 'operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/tasks/{id}',
      summary: 'Read a task with its steps, or wait until it is over or waits for a person',
      tags: ['tasks'],
      request: { params: IdParam, headers: z.object({ prefer: z.string().optional() }) },
      responses: {
        200: { description: 'The task', content: { 'application/json': { schema: TaskWithSteps } } },
        ...notFound,
      },
    },
    async (c, caller) => {
      const { id } = c.req.valid('param');
      const seconds = waitOf(c.req.valid('header').prefer);
      // Whose it is does not change, so it is asked once.
      const first = await readTask(deps.db, id, readerOf(caller));
      if (seconds === 0) return c.json(withoutSecrets(first), 200);
      const credential = watchCredential(deps.sessions, caller);
      const task = await waitForChange(
        deps.taskHub,
        id,
        seconds * 1_000,
        ({ status }) => isOver(status) || (status === 'awaiting_approval' && first.status !== status),
        AbortSignal.any([c.req.raw.signal, credential.ended]),
      ).finally(credential.stop);
      credential.ended.throwIfAborted();
      c.header('Preference-Applied', `wait=${seconds}`);
      return c.json(withoutSecrets(task), 200);
    },
  );
}
