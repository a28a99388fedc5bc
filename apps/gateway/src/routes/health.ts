import { z } from '@hono/zod-openapi';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';

const Report = z.object({
  status: z.string(),
  checks: z.record(z.string(), z.string()),
});

/** `/healthz`: the process lives. `/readyz`: every part works, shown by using it. */
export function healthRoutes(serve: ServeRoute, deps: Pick<AppDeps, 'readiness'>): void {
  serve(
    {
      operationId: 'liveness',
      callers: 'anyone',
      audit: 'none',
      method: 'get',
      path: '/healthz',
      summary: 'Liveness probe',
      tags: ['health'],
      responses: {
        200: {
          description: 'Alive',
          content: { 'application/json': { schema: z.object({ status: z.literal('ok') }) } },
        },
      },
    },
    (c) => c.json({ status: 'ok' as const }, 200),
  );

  serve(
    {
      operationId: 'readiness',
      callers: 'anyone',
      audit: 'none',
      method: 'get',
      path: '/readyz',
      summary: 'Readiness probe: Redis, database, a worker on each queue, Telegram',
      tags: ['health'],
      responses: {
        200: { description: 'Ready', content: { 'application/json': { schema: Report } } },
        503: { description: 'Not ready', content: { 'application/json': { schema: Report } } },
      },
    },
    async (c) => {
      const report = await deps.readiness.report();
      if (report.status === 'ready') return c.json(report, 200);
      c.header('Retry-After', '2');
      return c.json(report, 503);
    },
  );
}
