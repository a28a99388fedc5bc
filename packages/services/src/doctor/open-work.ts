import { ageOf } from './age.ts';
import type { DatabaseAnswer } from './facts.ts';
import { fail, ok, warn, type Check } from './finding.ts';

const lateMs = 15 * 60_000;

/** What waits for a person: effects of tasks that nobody knows of, kill switches, messages that do not get out. */
export const openWorkCheck = (deps: {
  facts: () => Promise<DatabaseAnswer>;
  telegram: boolean;
}): Check => ({
  name: 'effects of tasks',
  async look() {
    const { facts } = await deps.facts();
    const now = Date.parse(facts.now);
    const waiting = facts.messages_waiting_since;
    return [
      facts.unknown_effects === 0
        ? ok('effects of tasks', 'none of unknown outcome')
        : fail(
            'effects of tasks',
            `${facts.unknown_effects} of unknown outcome: it may have happened or not`,
            'Look at the service, then POST /v1/tasks/{id}/effects/{effect_id}/resolution; docs/tasks.md',
          ),
      facts.kill_switches === 0
        ? ok('kill switches', 'none')
        : warn('kill switches', `${facts.kill_switches} set: what they name is stopped`, 'Lift them with /resume when it is over; docs/kill-switch.md'),
      ...(deps.telegram && waiting !== null && now - Date.parse(waiting) > lateMs
        ? [
            warn(
              'messages',
              `the oldest has waited for ${ageOf(waiting, now)} to be sent`,
              'See approval-bot.log in ACTP_DATA_DIR/logs',
            ),
          ]
        : []),
    ];
  },
});
