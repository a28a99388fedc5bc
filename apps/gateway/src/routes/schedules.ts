import { z } from '@hono/zod-openapi';
import { lastScheduleRuns } from '@actp/services/schedules/last-runs';
import { cronTable } from '@actp/shared/cron-table';
import { isQueueName } from '@actp/shared/jobs/catalogue';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';

const Schedule = z
  .object({
    name: z.string(),
    queue: z.string(),
    job: z.string(),
    pattern: z.string(),
    tz: z.string(),
    enabled: z.boolean(),
    next_run_at: z.iso.datetime().nullable(),
    last_run_at: z.iso.datetime({ offset: true }).nullable(),
    last_status: z.string().nullable(),
  })
  .openapi('Schedule');

/** `GET /v1/schedules`: the cron table as it runs, next ticks from Redis and last ones from the database. */
export function schedulesRoute(serve: ServeRoute, deps: Pick<AppDeps, 'producer' | 'db' | 'config'>): void {
  serve(
    {
      operationId: 'listSchedules',
      callers: ['agent', 'operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/schedules',
      summary: 'List schedules',
      tags: ['jobs'],
      responses: {
        200: {
          description: 'Every entry, enabled or not',
          content: { 'application/json': { schema: z.object({ schedules: z.array(Schedule) }) } },
        },
      },
    },
    async (c) => {
      const [lastRuns, nextRuns] = await Promise.all([
        lastScheduleRuns(deps.db),
        Promise.all(cronTable.map((entry) => nextRun(deps, entry))),
      ]);
      const schedules = cronTable.map(({ name, queue, job, pattern, enabled }, index) => {
        const last = lastRuns.find((run) => run.schedule === name);
        const next = nextRuns[index];
        return {
          name,
          queue,
          job,
          pattern,
          tz: deps.config.scheduleTz,
          enabled,
          next_run_at: next === undefined ? null : new Date(next).toISOString(),
          last_run_at: last ? new Date(last.started_at ?? last.due_at).toISOString() : null,
          last_status: last?.status ?? null,
        };
      });
      return c.json({ schedules }, 200);
    },
  );
}

async function nextRun(
  { producer }: Pick<AppDeps, 'producer'>,
  entry: { name: string; queue: string; enabled: boolean },
): Promise<number | undefined> {
  const { queue } = entry;
  if (!entry.enabled || !isQueueName(queue)) return undefined;
  const scheduler = await producer.use(queue, (q) => q.getJobScheduler(entry.name));
  return scheduler?.next;
}
