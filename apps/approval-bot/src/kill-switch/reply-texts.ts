import { shortTime } from '@actp/services/approvals/card/when';
import { actorText } from '@actp/services/approvals/decider-text';
import type { ActiveSwitch, KillSwitchPressOutcome } from '@actp/services/kill-switch/command-store';

/** What people are told after a press, within Telegram's 200 characters. */
export function switchReplyText({ result, scope, refusal }: KillSwitchPressOutcome): string {
  const what = (scope ?? 'this').slice(0, 100);
  switch (result) {
    case 'set':
      return `🛑 Stopped: ${what}`;
    case 'known':
      return `🛑 Already stopped: ${what}`;
    case 'too_many':
      return 'Too many scopes are stopped. Nothing has changed. Stop all, or lift some.';
    case 'lifted':
      return `▶️ Lifted: ${what}`;
    case 'not_found':
      return `This switch is no longer set: ${what}. Nothing has changed. /resume lists those that are.`;
    case 'dismissed':
      return 'Nothing has changed.';
    case 'duplicate':
      return 'Already recorded.';
    case 'refused':
      return refusals[refusal ?? ''] ?? 'Unknown button. Nothing has changed.';
  }
}

const refusals: Record<string, string> = {
  not_a_person: 'Only a person can do this: press as yourself. Nothing has changed.',
  stranger: 'You are not authorized to do this. Nothing has changed.',
  not_operator: 'Your operator account is disabled or was deleted. Nothing has changed.',
  not_yours: 'Someone else gave this command. Nothing has changed. Give the command yourself.',
  other_chat: 'This button belongs to another chat. Nothing has changed.',
  done: 'This button was already pressed. Nothing has changed.',
  expired: 'This command is more than two minutes old. Nothing has changed. Give the command again.',
  late: 'This button press arrived late. Nothing has changed. Give the command again.',
};

/** One line about something that is stopped. */
export function switchLine(
  { scope, reason, since, set_by, set_by_name }: ActiveSwitch,
  timeZone: string,
): string {
  const at = shortTime(since, timeZone);
  return `🛑 ${scope}, since ${at}, by ${actorText(set_by, set_by_name)}: ${reason.replaceAll(/\s+/g, ' ')}`;
}
