import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { AuditWriter } from '@actp/services/audit/writer';
import { actorOf, originOf } from './origin.ts';
import { readablePath } from './readable-path.ts';
import type { SecurityEvents } from './security-events.ts';

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
    if (action === undefined || action === 'service' || action === 'none') return;
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
      source: 'plane',
    });
  };
}

// What changes something and declares nothing is recorded by its method.
function actionOf(c: Context<AppEnv>): string | undefined {
  const declared = c.get('auditAction');
  if (declared !== undefined || safe.has(c.req.method)) return declared;
  return `http.${c.req.method.toLowerCase()}`;
}

function statusOf(http: number): string {
  if (http < 400) return 'ok';
  return http === 401 ? 'denied' : 'error';
}
