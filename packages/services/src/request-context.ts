import type { Actor } from './actor.ts';

/** Who acts and from where: what a service checks, and what its audit row says. */
export interface RequestContext {
  actor: Actor;
  ip: string;
  userAgent: string | null;
  requestId: string | null;
  /** The task that it belongs to. */
  taskId?: string;
}

/** The context as the SQL functions take it. */
export function auditContext({ actor, ip, userAgent, requestId, taskId }: RequestContext) {
  const session = 'session' in actor ? actor.session : undefined;
  return {
    agent_id: actor.id,
    ip,
    user_agent: userAgent,
    request_id: requestId,
    ...(taskId !== undefined && { task_id: taskId }),
    source: actor.kind === 'system' ? 'plane' : 'http',
    // What a person does is refused by the database, too, when the session has ended meanwhile.
    ...(session !== undefined && { session_id: session }),
  };
}

/** The columns of an audit event that say where a request came from. */
export function auditOrigin({ ip, userAgent, requestId }: RequestContext) {
  return { ip_address: ip, user_agent: userAgent ?? 'none', request_id: requestId ?? 'none' };
}
