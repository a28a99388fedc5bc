import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { isQueueName } from '@actp/shared/jobs/catalogue';
import { redactValue } from '@actp/redaction/redact-value';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';

const JobStatus = z
  .object({
    job_id: z.string(),
    queue: z.string(),
    name: z.string(),
    state: z.string(),
    progress: z.unknown(),
    attempts_made: z.int(),
    result: z.unknown(),
    failed_reason: z.string().nullable(),
  })
  .openapi('JobStatus');

/** `GET /v1/jobs/{queue}/{job_id}`: where a job is. */
export function jobStatusRoute(serve: ServeRoute, deps: Pick<AppDeps, 'producer'>): void {
  serve(
    {
      operationId: 'readJob',
      callers: ['agent', 'operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/jobs/{queue}/{job_id}',
      summary: 'State, progress and result of a job',
      tags: ['jobs'],
      request: {
        params: z.object({
          queue: z.string(),
          job_id: z.string().regex(/^[\w:.-]{1,128}$/, 'must be a job id'),
        }),
      },
      responses: {
        200: { description: 'The job', content: { 'application/json': { schema: JobStatus } } },
        404: { description: 'No such queue or job' },
      },
    },
    async (c) => {
      const { queue, job_id } = c.req.valid('param');
      if (!isQueueName(queue)) throw new AppError('not_found', 'no such queue');
      const found = await deps.producer.use(queue, async (q) => {
        const job = await q.getJob(job_id);
        if (!job) return undefined;
        const state = await q.getJobState(job_id);
        // Ended between the two questions: its result is asked for again, since what is said to be completed has one.
        const endedSince = job.finishedOn === undefined && (state === 'completed' || state === 'failed');
        return { job: endedSince ? ((await q.getJob(job_id)) ?? job) : job, state };
      });
      if (!found) throw new AppError('not_found', 'no such job, or it is no longer kept');
      const { job, state } = found;
      return c.json(
        redactValue({
          job_id,
          queue,
          name: job.name,
          state,
          progress: job.progress,
          attempts_made: job.attemptsMade,
          result: (job.returnvalue ?? null) as unknown,
          failed_reason: job.failedReason ?? null,
        }),
        200,
      );
    },
  );
}
