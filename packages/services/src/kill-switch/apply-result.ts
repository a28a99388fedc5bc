import type { Db } from '@actp/db/client';
import { z } from 'zod';
import { hintNotification, type HintDeps } from '../notifications/hint.ts';
import { ActiveKillSwitch } from './active.ts';

// As the table has it; redaction can make a text longer.
export const maxReason = 500;

export interface KillSwitchDeps extends HintDeps {
  db: Db;
  /** Called after every change, so that this process need not find out by itself. */
  changed: () => void;
}

const Changed = z.object({
  result: z.enum(['set', 'known', 'too_many', 'lifted', 'not_found']),
  switch: ActiveKillSwitch.optional(),
  notification_id: z.uuid().optional(),
});

/** Reads the result of a SQL function that changes a switch, and has the operators' message sent. */
export function settleChange(deps: KillSwitchDeps, returned: unknown) {
  const { result, switch: active, notification_id } = Changed.parse(returned);
  deps.changed();
  // In the background: an emergency stop does not wait for Redis.
  if (notification_id !== undefined) void hintNotification(deps, notification_id);
  return { result, active };
}
