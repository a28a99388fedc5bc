import { acceptCommand } from '@actp/shared/errors';
import { ageOf } from './age.ts';
import type { DatabaseFacts } from './facts.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const lateMs = 15 * 60_000;

/** Effects of tasks of which nobody knows whether they happened. */
export function lookAtEffects({ unknown_effects: unknown }: DatabaseFacts): Finding {
  if (unknown === 0) return ok('effects of tasks', 'none of unknown outcome');
  return fail(
    'effects of tasks',
    `${unknown} of unknown outcome: it may have happened or not`,
    'Look at the service, then POST /v1/tasks/{id}/effects/{effect_id}/resolution; docs/tasks.md',
  );
}

/** Whether the database may be an older copy, so that nothing is released. */
export function lookAtHold({ held, anchor_problem }: DatabaseFacts): Finding[] {
  if (held === null && anchor_problem !== null) {
    return [warn('anchor', `the anchor cannot be written: ${anchor_problem}`, 'docs/operations.md')];
  }
  if (held === null) return [];
  return [
    fail('anchor', `nothing is released or decided: ${held.reason}`, `${acceptCommand}; docs/operations.md`),
  ];
}

/** What operators have stopped. */
export function lookAtKillSwitches({ kill_switches: set }: DatabaseFacts): Finding {
  if (set === 0) return ok('kill switches', 'none');
  return warn(
    'kill switches',
    `${set} set: what they name is stopped`,
    'Lift them with /resume when it is over; docs/kill-switch.md',
  );
}

/** Messages to people that do not get out. @param on whether there is a bot to send them */
export function lookAtMessages(
  { messages_waiting_since: since, now }: DatabaseFacts,
  on: boolean,
): Finding[] {
  if (!on || since === null || Date.parse(now) - Date.parse(since) < lateMs) return [];
  const detail = `the oldest has waited for ${ageOf(since, Date.parse(now))} to be sent`;
  return [warn('messages', detail, 'See approval-bot.log in ACTP_DATA_DIR/logs')];
}
