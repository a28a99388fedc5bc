import { z } from 'zod';
import { normaliseAction } from '@actp/policy/action-name';
import { maxCostUsd, type DecideRequest } from '@actp/policy/decide';

const Asked = z.object({
  action: z.string().refine((name) => normaliseAction(name) !== undefined),
  details: z.record(z.string(), z.unknown()),
  cost_usd: z.number().min(0).max(maxCostUsd).optional(),
});

const Event = z.object({ action_type: z.string(), agent_id: z.string(), result: z.unknown() });

/** A guard request out of its audit event, or out of its body. `other`: the event of something else. */
export function pastRequest(value: unknown): DecideRequest | 'unknown' | 'other' {
  const event = Event.safeParse(value).data;
  if (event && event.action_type !== 'guard.decide') return 'other';
  const asked = Asked.safeParse(event ? event.result : value).data;
  return asked ? { ...asked, agent: event?.agent_id ?? 'worker' } : 'unknown';
}
