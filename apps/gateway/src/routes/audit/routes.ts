import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Credentials } from '../../auth/credentials.ts';
import type { AppDeps, AppEnv } from '../../context.ts';
import { auditEventsRoute } from './events.ts';
import { exportAuditRoute } from './export.ts';
import { listAuditRoute } from './list.ts';
import { auditSummaryRoute } from './summary.ts';
import { verifyAuditRoute } from './verify.ts';

/** Everything below `/v1/audit`. */
export function auditRoutes(
  app: OpenAPIHono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'auditBatcher' | 'auditLog'>,
): void {
  auditEventsRoute(app, credentials, deps);
  listAuditRoute(app, credentials, deps);
  exportAuditRoute(app, credentials, deps);
  auditSummaryRoute(app, credentials, deps);
  verifyAuditRoute(app, credentials, deps);
}
