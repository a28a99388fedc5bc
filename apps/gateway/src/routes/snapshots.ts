import { z } from '@hono/zod-openapi';
import { listSnapshots } from '@actp/services/self-test/list-snapshots';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';
import { pageLimit } from '../http/page-limit.ts';

const Snapshot = z
  .object({
    id: z.uuid(),
    run_id: z.uuid(),
    trigger: z.string(),
    status: z.string(),
    tests_total: z.int(),
    tests_passed: z.int(),
    tests_failed: z.int(),
    services_up: z.int(),
    services_total: z.int(),
    services: z.unknown(),
    suites: z.unknown(),
    failures: z.unknown(),
    flaky: z.unknown(),
    heal: z.unknown(),
    duration_ms: z.int(),
    created_at: z.string(),
  })
  .openapi('HealthSnapshot');

/** `GET /v1/health/snapshots`: results of the last self-tests, newest first. */
export function snapshotsRoute(serve: ServeRoute, deps: Pick<AppDeps, 'db'>): void {
  serve(
    {
      operationId: 'listHealthSnapshots',
      callers: ['agent', 'operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/health/snapshots',
      summary: 'List the latest self-test results',
      tags: ['health'],
      request: { query: z.strictObject({ limit: pageLimit(100, 20) }) },
      responses: {
        200: {
          description: 'Newest first',
          content: { 'application/json': { schema: z.object({ snapshots: z.array(Snapshot) }) } },
        },
      },
    },
    async (c) => {
      const { limit } = c.req.valid('query');
      return c.json({ snapshots: await listSnapshots(deps.db, limit) }, 200);
    },
  );
}
