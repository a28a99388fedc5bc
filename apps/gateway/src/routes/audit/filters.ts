import { z } from '@hono/zod-openapi';
import { EventTime } from '@actp/shared/audit/event-time';
import { AppError } from '@actp/shared/errors';
import type { AuditFilter, LoggedEvent } from '@actp/services/audit/read';
import type { Caller } from '../../app-env.ts';

// Postgres has no text with NUL.
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\0'), 'must not contain the character U+0000');

/** What every reading of the log can be narrowed to. */
export const filters = {
  agent_id: text(128).optional(),
  action_type: text(128).optional(),
  status: text(64).optional(),
  source: z.enum(['plane', 'http', 'direct'], 'must be plane, http or direct').optional(),
  ip: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').optional(),
  since: EventTime.optional(),
  until: EventTime.optional(),
};

interface Query {
  agent_id?: string | undefined;
  action_type?: string | undefined;
  status?: string | undefined;
  source?: 'plane' | 'http' | 'direct' | undefined;
  ip?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/**
 * The filter that a query asks for and its caller may have: operators see all, a user sees what stands under their name and what
 * happened to their tasks, whoever did it. Somebody else's name finds nothing but that.
 */
export function filterOf(
  { agent_id, action_type, status, source, ip, since, until }: Query,
  caller: Caller | undefined,
): AuditFilter {
  const rest = { action_type, status, source, ip, since, until };
  if (caller?.kind === 'operator')
    return { ...rest, agent_ids: agent_id === undefined ? undefined : [agent_id] };
  if (caller?.kind !== 'user') throw new AppError('forbidden', 'users and operators only');
  return { ...rest, agent_ids: ownNames(caller), task_owner: caller.id, agent_id };
}

const ownNames = ({ id, email }: { id: string; email: string }) => [`user:${email}`, `login:${email}`, id];

const otherPeople = /^(?:operator|telegram|user|login):/;

/** An event as a caller may see it: to a user it does not say from where other people acted. */
export function seenBy(caller: Caller, event: LoggedEvent): LoggedEvent {
  if (caller.kind !== 'user' || ownNames(caller).includes(event.agent_id)) return event;
  return otherPeople.test(event.agent_id) ? { ...event, ip_address: null, user_agent: null } : event;
}
