import type { Decision } from '@actp/policy/decide';
import { findKillSwitch, type KillSwitch } from '@actp/policy/kill-switch';

/** The decision, or the denial that a kill switch makes of it; what else stood against the request stays beside it. */
export function applyKillSwitches(
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
