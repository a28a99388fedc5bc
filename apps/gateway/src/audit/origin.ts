import type { Context } from 'hono';
import type { RequestContext } from '@actp/services/request-context';
import { cleanText } from '@actp/shared/audit/clean-text';
import type { AppEnv, Caller } from '../app-env.ts';
import { headerOf } from '../http/header-of.ts';
import type { RequestOrigin } from './request-origin.ts';

/** Where a request comes from, for its audit event: the gateway says it, never the caller. */
export function originOf(c: Context<AppEnv>): RequestOrigin {
  return {
    ip_address: c.get('clientIp'),
    // Header bytes are Latin-1, of which Postgres takes all but NUL, which no header has.
    user_agent: cleanText(headerOf(c, 'user-agent') ?? '', 512) || 'none',
    request_id: c.get('requestId'),
  };
}

/** Who acts, as the log names them: an agent by its id, a person by role and address. */
export function actorOf(caller: Caller | undefined): string {
  if (caller === undefined) return 'anonymous';
  return caller.kind === 'agent' ? caller.id : `${caller.kind}:${caller.email}`.slice(0, 128);
}

/** Who tries to log in, by the address they give: it may belong to nobody. */
export function loginActor(email: string): string {
  // Before the case is lost, by which many tokens are known.
  const name = Array.from(cleanText(email.slice(0, 2_048).trim(), 120).toLowerCase())
    .slice(0, 120)
    .join('');
  return name === '' || !name.isWellFormed() || name.includes('\0') ? 'anonymous' : `login:${name}`;
}

/** Who calls and from where, for a service. */
export function contextOf(c: Context<AppEnv>, actor: Caller): RequestContext {
  return {
    actor,
    ip: c.get('clientIp'),
    userAgent: originOf(c).user_agent,
    requestId: c.get('requestId'),
  };
}
