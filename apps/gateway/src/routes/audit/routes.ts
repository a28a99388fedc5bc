import type { ServeRoute } from '../../http/serve-route.ts';
import type { AppDeps } from '../../app-deps.ts';
import { acknowledgeAuditRoute } from './acknowledge.ts';
import { auditEventsRoute } from './events.ts';
import { exportAuditRoute } from './export.ts';
import { listAuditRoute } from './list.ts';
import { auditSummaryRoute } from './summary.ts';
import { verifyAuditRoute } from './verify.ts';

/** Everything below `/v1/audit`. */
export function auditRoutes(
  serve: ServeRoute,
  deps: Pick<AppDeps, 'auditBatcher' | 'auditLog' | 'sessions' | 'log' | 'largeBodies' | 'agentKeys'>,
): void {
  auditEventsRoute(serve, deps);
  listAuditRoute(serve, deps);
  exportAuditRoute(serve, deps);
  auditSummaryRoute(serve, deps);
  verifyAuditRoute(serve, deps);
  acknowledgeAuditRoute(serve, deps);
}
