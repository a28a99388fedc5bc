import { OpenAPIHono } from '@hono/zod-openapi';
import { secureHeaders } from 'hono/secure-headers';
import { AppError } from '@actp/shared/errors';
import { createCredentials } from './auth/credentials.ts';
import type { AppDeps, AppEnv } from './context.ts';
import { dashboardRoutes } from './dashboard/routes.ts';
import { openApiRoute } from './docs/openapi.ts';
import { docsRoutes } from './docs/routes.ts';
import { allowedHosts } from './http/allowed-hosts.ts';
import { fieldProblems, problem, problemOf } from './http/problem.ts';
import { rateLimit } from './http/rate-limit.ts';
import { requestContext } from './http/request-context.ts';
import { approvalRoutes } from './routes/approvals/routes.ts';
import { healthRoutes } from './routes/health.ts';
import { jobStatusRoute } from './routes/job-status.ts';
import { jobTriggerRoute } from './routes/job-trigger.ts';
import { loginRoute } from './routes/login.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { schedulesRoute } from './routes/schedules.ts';
import { snapshotsRoute } from './routes/snapshots.ts';

/** The gateway's HTTP face. Holds no state of its own: everything it needs is handed in. */
export function createApp(deps: AppDeps): OpenAPIHono<AppEnv> {
  const credentials = createCredentials(deps.config);
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      throw new AppError('validation_failed', 'the request is not valid', {
        fields: fieldProblems(result.error, result.target),
      });
    },
  });

  app.onError((error, c) => problemOf(c, error));
  app.notFound((c) => problem(c, 'not_found', 'there is nothing here'));

  app.use(requestContext(deps));
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        // Bull Board and Swagger UI set style attributes and inline images.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        baseUri: ["'self'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
      // Not the default `no-referrer`: with it browsers send `Origin: null` with our own login form.
      referrerPolicy: 'same-origin',
      xFrameOptions: 'DENY',
    }),
  );
  app.use(allowedHosts(deps.config.allowedHosts));

  app.use(rateLimit(deps));

  healthRoutes(app, credentials, deps);
  metricsRoutes(app, credentials, deps);
  jobTriggerRoute(app, credentials, deps);
  jobStatusRoute(app, credentials, deps);
  schedulesRoute(app, credentials, deps);
  snapshotsRoute(app, credentials, deps);
  approvalRoutes(app, credentials, deps);
  loginRoute(app, credentials, deps);
  openApiRoute(app);
  docsRoutes(app);
  dashboardRoutes(app, credentials, deps);
  return app;
}
