import { z } from '@hono/zod-openapi';
import { createTask } from '@actp/services/tasks/create';
import type { AppDeps } from '../../app-deps.ts';
import { contextOf } from '../../audit/origin.ts';
import { IdempotencyHeaders } from '../../http/idempotency-key.ts';
import { readableText } from '../../http/readable-text.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { taskAnswer, withoutSecrets } from './shared.ts';

const maxPromptLength = 10_000;
const spendRule = 'must be an amount in USD, 0 or more';

const Body = z.strictObject({
  prompt: readableText(maxPromptLength).min(1, 'must not be empty'),
  // What is above the limit is a violation of the policy, which the service refuses and records.
  max_spend: z.number(spendRule).min(0, spendRule).optional(),
});

/** `POST /v1/tasks`: a user asks for something in words. */
export function createTaskRoute(serve: ServeRoute, deps: Pick<AppDeps, 'tasks'>): void {
  serve(
    {
      operationId: 'createTask',
      callers: ['user'],
      audit: 'service',
      method: 'post',
      path: '/v1/tasks',
      summary: 'Ask for something in words; an agent does it under the policy',
      tags: ['tasks'],
      request: {
        headers: IdempotencyHeaders,
        body: { required: true, content: { 'application/json': { schema: Body } } },
      },
      responses: {
        202: taskAnswer('Stored (or stored before under the same Idempotency-Key)'),
        422: { description: 'Idempotency-Key reused with a different body' },
      },
    },
    async (c, caller) => {
      const { prompt, max_spend } = c.req.valid('json');
      const task = await createTask(
        deps.tasks,
        { prompt, maxSpend: max_spend, idempotencyKey: c.req.valid('header')['idempotency-key'] },
        contextOf(c, caller),
      );
      return c.json(withoutSecrets(task), 202, { Location: `/v1/tasks/${task.id}` });
    },
  );
}
