import { OpenAPIHono } from '@hono/zod-openapi';
import { createCredentials } from './auth/credentials.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { dashboardRoutes } from './dashboard/routes.ts';
import { openApiRoute } from './openapi/openapi.ts';
import { docsRoutes } from './openapi/docs-page.ts';
import { allowedHosts } from './http/allowed-hosts.ts';
import { allowedMethods } from './http/allowed-methods.ts';
import { createServeRoute } from './http/serve-route.ts';
import { problem, problemOf } from './http/problem.ts';
import { callerLimit } from './rate-limits/caller-limit.ts';
import { rateLimit } from './rate-limits/rate-limit.ts';
import { requestContext } from './http/request-context.ts';
import { agentRoutes } from './routes/agents.ts';
import { approvalRoutes } from './routes/approvals/routes.ts';
import { auditRoutes } from './routes/audit/routes.ts';
import { authRoutes } from './routes/auth/routes.ts';
import { doctorRoute } from './routes/doctor.ts';
import { findingsRoute } from './routes/findings.ts';
import { guardOutcomeRoute } from './routes/guard-outcome.ts';
import { guardRoute } from './routes/guard.ts';
import { healthRoutes } from './routes/health.ts';
import { jobStatusRoute } from './routes/job-status.ts';
import { jobTriggerRoute } from './routes/job-trigger.ts';
import { killSwitchRoutes } from './routes/kill-switch.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { operatorRoutes } from './routes/operators/routes.ts';
import { schedulesRoute } from './routes/schedules.ts';
import { snapshotsRoute } from './routes/snapshots.ts';
import { taskRoutes } from './routes/tasks/routes.ts';
import { spendingRoute } from './routes/spending.ts';

/** The gateway's HTTP face. Holds no state of its own: everything it needs is handed in. */
export function createApp(deps: AppDeps): OpenAPIHono<AppEnv> {
  const credentials = createCredentials(deps.config, deps.agentKeys, deps.sessions, callerLimit(deps));
  const app = new OpenAPIHono<AppEnv>();
  const serve = createServeRoute(app, credentials, deps.largeBodies);

  app.onError((error, c) => problemOf(c, error));
  const methodsOf = allowedMethods(app);
  app.notFound((c) => {
    const methods = methodsOf(c.req.path);
    if (methods.length === 0) return problem(c, 'not_found', 'not found');
    const headers = { Allow: methods.join(', ') };
    return problem(c, 'method_not_allowed', `method not allowed; use ${headers.Allow}`, { headers });
  });

  // Each layer costs every request two microseconds, so the last two are one.
  const assertHost = allowedHosts(deps.config.allowedHosts);
  const limited = rateLimit(deps);
  app.use(requestContext(deps));
  app.use((c, next) => {
    assertHost(c);
    return limited(c, next);
  });

  healthRoutes(serve, deps);
  metricsRoutes(serve, deps);
  jobTriggerRoute(serve, deps);
  jobStatusRoute(serve, deps);
  schedulesRoute(serve, deps);
  snapshotsRoute(serve, deps);
  doctorRoute(serve, deps);
  findingsRoute(serve, deps);
  guardRoute(serve, deps);
  guardOutcomeRoute(serve, deps);
  approvalRoutes(serve, deps);
  taskRoutes(serve, deps);
  agentRoutes(serve, deps);
  killSwitchRoutes(serve, deps);
  auditRoutes(serve, deps);
  authRoutes(serve, deps, credentials);
  operatorRoutes(serve, deps);
  spendingRoute(serve, deps);
  openApiRoute(app);
  docsRoutes(app);
  app.get('/', (c) => c.redirect('/dashboard'));
  dashboardRoutes(app, credentials, deps);
  return app;
}
