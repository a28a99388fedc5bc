import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from '@hono/zod-openapi';
import { actorName } from '@actp/services/actor';
import { AppError } from '@actp/shared/errors';
import {
  isJobName,
  isQueueName,
  jobNames,
  specOf,
  type JobName,
  type QueueName,
} from '@actp/shared/jobs/catalogue';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';
import { IdempotencyHeaders } from '../http/idempotency-key.ts';
import { fieldProblems } from '../http/field-problems.ts';

const Triggered = z
  .object({ job_id: z.string(), queue: z.string(), name: z.string() })
  .openapi('TriggeredJob');

/** `POST /v1/jobs/{queue}`: starts a job that the catalogue opens to HTTP. */
export function jobTriggerRoute(serve: ServeRoute, deps: Pick<AppDeps, 'producer'>): void {
  serve(
    {
      operationId: 'triggerJob',
      callers: ['agent', 'operator'],
      audit: 'job.trigger',
      method: 'post',
      path: '/v1/jobs/{queue}',
      summary: 'Start a job',
      tags: ['jobs'],
      request: {
        params: z.object({ queue: z.string() }),
        headers: IdempotencyHeaders,
        body: {
          required: false,
          content: {
            'application/json': {
              schema: z.strictObject({
                name: z.string().optional(),
                data: z.record(z.string(), z.unknown()).optional(),
              }),
            },
          },
        },
      },
      responses: {
        202: { description: 'Queued', content: { 'application/json': { schema: Triggered } } },
        404: { description: 'No such queue' },
        422: { description: 'Idempotency-Key reused with a different body' },
      },
    },
    async (c, caller) => {
      const { queue } = c.req.valid('param');
      const { name: wanted, data = {} } = c.req.valid('json');
      const name = pickJob(queue, wanted);
      const payload = checkedPayload(name, data);
      const key = c.req.valid('header')['idempotency-key'];
      const jobId = key === undefined ? undefined : jobIdOf(queue, actorName(caller), key);

      const job = await deps.producer.add(name, payload, jobId === undefined ? {} : { jobId });
      if (jobId !== undefined) await assertSame(deps, queue, jobId, name, payload);
      return c.json({ job_id: String(job.id), queue, name }, 202);
    },
  );
}

function pickJob(queue: string, wanted: string | undefined): JobName {
  const open = jobNames.filter((n) => specOf(n).queue === queue && specOf(n).http !== undefined);
  if (!isQueueName(queue) || open.length === 0) {
    throw new AppError('not_found', 'no such queue, or none of its jobs can be started over HTTP', {
      fields: [{ field: 'queue', message: `must be one of: ${openQueues().join(', ')}` }],
    });
  }
  const name = wanted ?? open.find((n) => specOf(n).default === true);
  if (name === undefined || !isJobName(name) || !open.includes(name)) {
    throw new AppError('validation_failed', 'the queue has no such job', {
      fields: [{ field: 'name', message: `must be one of: ${open.join(', ')}` }],
    });
  }
  return name;
}

function openQueues(): QueueName[] {
  return [...new Set(jobNames.filter((n) => specOf(n).http).map((n) => specOf(n).queue))];
}

function checkedPayload(name: JobName, data: Record<string, unknown>) {
  const http = specOf(name).http;
  const parsed = http?.data.safeParse(data);
  if (parsed && !parsed.success) {
    throw new AppError('validation_failed', 'the job data is not valid', {
      fields: fieldProblems(parsed.error, 'data'),
    });
  }
  return { ...data, ...(http?.payload as object) } as never;
}

// One key is one job per queue and caller; hashed, since BullMQ's ids cannot hold every character.
const jobIdOf = (queue: string, caller: string, key: string) =>
  `http-${createHash('sha256').update(`${queue}\n${caller}\n${key}`).digest('hex').slice(0, 32)}`;

async function assertSame(
  deps: Pick<AppDeps, 'producer'>,
  queue: string,
  jobId: string,
  name: string,
  payload: unknown,
): Promise<void> {
  if (!isQueueName(queue)) return;
  const first = await deps.producer.use(queue, (q) => q.getJob(jobId));
  if (first && (first.name !== name || !isDeepStrictEqual(first.data, payload))) {
    throw new AppError('idempotency_mismatch', 'Idempotency-Key reused for a different job', {
      fields: [{ field: 'Idempotency-Key', message: 'belongs to another request' }],
    });
  }
}
