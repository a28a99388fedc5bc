import type { ActiveSwitch, KillSwitchPressOutcome } from '@actp/services/kill-switch/command-store';

/** What people are told after a press, within Telegram's 200 characters. */
export function switchReplyText({ result, scope, refusal }: KillSwitchPressOutcome): string {
  const what = (scope ?? 'this').slice(0, 100);
  switch (result) {
    case 'set':
      return `🛑 Stopped: ${what}`;
    case 'known':
      return `🛑 It was stopped before, and stays so: ${what}`;
    case 'too_many':
      return 'Too many scopes are stopped. Nothing has changed. Stop all, or lift some.';
    case 'lifted':
      return `▶️ Lifted: ${what}`;
    case 'not_found':
      return `That switch is not set any more: ${what}. Nothing has changed. /resume shows what is.`;
    case 'dismissed':
      return 'Nothing has changed.';
    case 'duplicate':
      return 'This was counted before.';
    case 'refused':
      return refusals[refusal ?? ''] ?? 'This button is not known here. Nothing has changed.';
  }
}

const refusals: Record<string, string> = {
  not_a_person: 'Only a person does this: press as yourself. Nothing has changed.',
  stranger: 'You may not do this. Nothing has changed.',
  not_yours: 'Somebody else gave this command. Nothing has changed. Give it yourself.',
  other_chat: 'This button belongs to another chat. Nothing has changed.',
  done: 'This was pressed before. Nothing has changed.',
  expired: 'That was more than two minutes ago. Nothing has changed. Give the command again.',
  late: 'You pressed while nobody listened. Nothing has changed. Give the command again.',
};

/** One line about something that is stopped. */
export function switchLine({ scope, reason, since, set_by }: ActiveSwitch): string {
  const at = `${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `🛑 ${scope}, since ${at}, by ${set_by}: ${reason.replaceAll(/\s+/g, ' ')}`;
}
