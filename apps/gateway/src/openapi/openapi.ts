import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { noQuery } from '../http/read-request.ts';
import { withExamples } from './with-examples.ts';

const head = {
  openapi: '3.1.0',
  info: {
    title: 'actp-worker',
    version: '0.1.0',
    description:
      'The safety plane between autonomous agents and the world. Failures are application/problem+json (RFC 9457).',
  },
};

/** `/openapi.json`: the API as the code that serves it describes it. */
export function openApiRoute(app: OpenAPIHono<AppEnv>): void {
  const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', description }) as const;
  const registry = app.openAPIRegistry;
  registry.registerComponent(
    'securitySchemes',
    'workerSecret',
    bearer('An agent: its own key, or WORKER_SECRET'),
  );
  registry.registerComponent('securitySchemes', 'workerSecretHeader', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Worker-Secret',
  });
  registry.registerComponent('securitySchemes', 'operator', bearer('An operator who logged in'));
  registry.registerComponent('securitySchemes', 'user', bearer('A user who logged in'));
  // Made once, at the first call, when every route is there: it takes more time than most requests.
  let description: string | undefined;
  app.get('/openapi.json', (c) => {
    noQuery(c);
    description ??= JSON.stringify(withExamples(app.getOpenAPI31Document(head)));
    return c.body(description, 200, { 'Content-Type': 'application/json' });
  });
}
