import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { AppEnv } from '../context.ts';
import type { AuditWriter } from '@actp/services/audit/writer';
import { actorOf, originOf } from './origin.ts';
import { readablePath } from './readable-path.ts';
import type { SecurityEvents } from './security-events.ts';

/**
 * What requests are called in the log. `own`: the SQL function that serves it writes the event, in its transaction, or the
 * events are its very content. Whatever changes something and stands nowhere here is recorded by its method and path.
 */
const actions: Record<string, string> = {
  'POST /v1/auth/login': 'auth.login',
  'POST /login': 'auth.login',
  'POST /logout': 'auth.logout',
  'POST /v1/jobs/:queue': 'job.trigger',
  'POST /v1/guard': 'own',
  'POST /v1/guard/:grant_id/outcome': 'own',
  'POST /v1/approvals': 'own',
  'POST /v1/approvals/:id/decision': 'own',
  'POST /v1/approvals/:id/redeem': 'own',
  'POST /v1/approvals/:id/outcome': 'own',
  'POST /v1/approvals/:id/cancel': 'own',
  'POST /v1/kill-switch': 'own',
  'DELETE /v1/kill-switch': 'own',
  'POST /v1/audit/events': 'own',
  'GET /v1/audit': 'audit.read',
  'GET /v1/audit/export': 'audit.export',
  'GET /v1/audit/summary': 'audit.read',
  'GET /v1/audit/verify': 'audit.verify',
};

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Leaves an event of every request that changes something or reads the audit log, and of every one that was refused.
 *
 * @returns to be called once it is answered, with the milliseconds that took
 */
export function requestAudit(deps: {
  audit: AuditWriter;
  security: SecurityEvents;
}): (c: Context<AppEnv>, tookMs: number) => void {
  return (c, tookMs) => {
    const { status } = c.res;
    const action = actionOf(c);
    if (status === 401 && action !== 'auth.login')
      return deps.security.note(c, 'security.credential_refused');
    if (status === 403) return deps.security.note(c, 'security.forbidden');
    if (status === 429) return deps.security.note(c, 'security.rate_limited');
    if (action === undefined || action === 'own') return;
    // Counted as well: a stranger who asks for what is not there must not fill the log row by row.
    if (status >= 400 && action.startsWith('http.') && c.get('caller') === undefined)
      return deps.security.note(c, 'security.unknown_route');
    const now = Date.now();
    deps.audit.writeLater({
      event_id: randomUUID(),
      agent_id: c.get('actor') ?? actorOf(c.get('caller')),
      action_type: action,
      status: statusOf(status),
      result: { method: c.req.method, path: readablePath(c.req.path), http_status: status },
      started_at: new Date(now - tookMs).toISOString(),
      completed_at: new Date(now).toISOString(),
      ...originOf(c),
    });
  };
}

function actionOf(c: Context<AppEnv>): string | undefined {
  const { method } = c.req;
  const route = routePath(c, -1);
  const known = actions[`${method} ${route}`];
  if (known !== undefined || safe.has(method)) return known;
  if (c.req.path.startsWith('/dashboard')) return 'dashboard.change';
  return `http.${method.toLowerCase()}`;
}

function statusOf(http: number): string {
  if (http < 400) return 'ok';
  return http === 401 ? 'denied' : 'error';
}
