import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { rateLimitKey } from '../http/client-address.ts';
import { actorOf, originOf } from './origin.ts';
import { readablePath } from './readable-path.ts';
import type { AuditWriter } from '@actp/services/audit/writer';

export interface SecurityEvents {
  /** A request was refused: the first one of its kind and client is recorded now, the others as a number. */
  note(c: Context<AppEnv>, action: string): void;
  /** Records what was counted so far, and counts no more. */
  close(): void;
}

interface Counted {
  first: { agent_id: string; ip_address: string; user_agent: string; request_id: string };
  /** Of the first one; the others may have asked for something else. */
  asked: { method: string; path: string };
  action: string;
  since: string;
  more: number;
}

const windowMs = 60_000;
// Clients that are counted one by one; a flood from more than these is counted together.
const maxClients = 10_000;

/** Events about requests that were refused. A flood of them is a few rows, not a flood of rows. */
export function createSecurityEvents({ audit }: { audit: AuditWriter }): SecurityEvents {
  let counted = new Map<string, Counted>();

  const record = ({ first, asked, action, since, more }: Counted, count: number) =>
    audit.writeLater({
      event_id: randomUUID(),
      ...first,
      action_type: action,
      status: 'denied',
      result: more === 0 ? { count, ...asked } : { count, since, aggregated: true },
      started_at: since,
      completed_at: new Date().toISOString(),
      source: 'plane',
    });

  const flush = () => {
    const full = counted;
    counted = new Map();
    for (const one of full.values()) if (one.more > 0) record(one, one.more);
  };
  const timer = setInterval(flush, windowMs);
  timer.unref();

  return {
    note(c, action) {
      const origin = originOf(c);
      const actor = actorOf(c.get('caller'));
      // Apart by name as well, so that none is blamed for what another at the same address tried.
      const client = counted.size < maxClients ? `${rateLimitKey(origin.ip_address)} ${actor}` : 'others';
      const key = `${action} ${client}`;
      const known = counted.get(key);
      if (known) {
        known.more += 1;
        return;
      }
      const one = {
        first: { agent_id: actor, ...origin },
        asked: { method: c.req.method, path: readablePath(c.req.path) },
        action,
        since: new Date().toISOString(),
        more: 0,
      };
      counted.set(key, one);
      record(one, 1);
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}
