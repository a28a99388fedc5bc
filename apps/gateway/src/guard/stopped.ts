import type { Db } from '@actp/db/client';
import type { Decision } from '@actp/policy/decide';
import { findKillSwitch, type KillSwitch } from '@actp/policy/kill-switch';
import { z } from 'zod';

const Switches = z.array(z.object({ scope: z.string(), reason: z.string(), since: z.string() }));

/** What the pulse of the database brings along: what is stopped now, newest first. */
export async function readSwitches(db: Db): Promise<KillSwitch[]> {
  return Switches.parse(await db.call((client) => client.rpc('active_kill_switches')));
}

/** The decision, or the denial that a switch makes of it; what else stood against the request stays beside it. */
export function unlessStopped(
  decision: Decision,
  switches: readonly KillSwitch[],
  request: { agent: string; action: string },
): Decision {
  const found = findKillSwitch(switches, request);
  if (found === undefined) return decision;
  const { scope, reason, since } = found;
  const detail = `an operator stopped ${scope} at ${new Date(since).toISOString()}: ${reason}`;
  const reasons: Decision['reasons'] = [{ code: 'kill_switch', detail }, ...decision.reasons];
  return { effect: 'deny', rule: 'kill_switch', reasons };
}
