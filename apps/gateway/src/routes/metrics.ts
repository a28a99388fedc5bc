import { z } from '@hono/zod-openapi';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';

export function metricsRoutes(serve: ServeRoute, deps: Pick<AppDeps, 'metrics'>): void {
  serve(
    {
      operationId: 'readMetrics',
      callers: ['agent', 'operator'],
      audit: 'none',
      method: 'get',
      path: '/metrics',
      summary: 'Prometheus metrics',
      tags: ['health'],
      responses: {
        200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } },
      },
    },
    async (c) => {
      const { contentType, text } = await deps.metrics.render();
      return c.text(text, 200, { 'Content-Type': contentType });
    },
  );
}
