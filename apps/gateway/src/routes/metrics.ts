import { z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Credentials } from '../auth/credentials.ts';
import type { AppDeps, AppEnv } from '../context.ts';
import { defineRoute } from '../http/define-route.ts';

export function metricsRoutes(
  app: OpenAPIHono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'metrics'>,
): void {
  app.openapi(
    defineRoute(credentials, ['agent', 'operator'], {
      method: 'get',
      path: '/metrics',
      summary: 'Prometheus metrics',
      tags: ['health'],
      responses: {
        200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } },
      },
    }),
    async (c) => {
      const { contentType, text } = await deps.metrics.render();
      return c.text(text, 200, { 'Content-Type': contentType });
    },
  );
}
