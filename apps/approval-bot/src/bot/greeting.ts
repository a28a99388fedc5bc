/** What `/start` says depends on. */
export interface Introduction {
  /** Undefined for a bot, an anonymous administrator or a channel. */
  person: { id: number; name: string } | undefined;
  chat: { id: number; isPrivate: boolean };
  /** Whether the person is on the list; `empty` when nobody is. */
  listed: 'yes' | 'no' | 'empty';
  /** Whether alerts and cards come to this chat; undefined when there is no chat for them, or when it is nobody's business. */
  isAlertChat: boolean | undefined;
}

const whatThisIs =
  'This bot of actp-worker asks people for approval before agents act, and reports what goes wrong.';

/** The greeting: who somebody is for Telegram, where this is, and what to set. */
export function greetingText({ person, chat, listed, isAlertChat }: Introduction): string {
  return [
    `👋 Hello${person === undefined ? '' : `, ${person.name}`}. ${whatThisIs}`,
    '',
    person === undefined
      ? 'Your user id: not shown to bots; write as yourself, not anonymously or as a channel'
      : `Your user id: ${person.id}`,
    `This chat's id: ${chat.id}${chat.isPrivate ? ' (private)' : ''}`,
    '',
    ...settingLines({ person, chat, listed, isAlertChat }),
    ...(listed === 'yes' ? ['', '/help lists the commands.'] : []),
  ].join('\n');
}

/** What the bot says first in a chat in which nobody has written to it. */
export function introductionText(chatId: string): string {
  return [
    `👋 Hello. ${whatThisIs}`,
    '',
    `Alerts and approvals come to this chat (${chatId}), because the settings name it.`,
    '/start shows your user id and what to set, /help lists the commands.',
  ].join('\n');
}

function settingLines({ person, chat, listed, isAlertChat }: Introduction): string[] {
  const lines = [
    ...(isAlertChat === true ? [] : [`TELEGRAM_CHAT_ID=${chat.id}  sends alerts and approvals to this chat`]),
    ...(listed === 'yes' || person === undefined
      ? []
      : [`TELEGRAM_APPROVER_IDS=${person.id}  lets you decide and give commands`]),
  ];
  return [
    ...(isAlertChat === true ? ['Alerts and approvals come to this chat (TELEGRAM_CHAT_ID).'] : []),
    ...(isAlertChat === false ? ['Alerts and approvals go to another chat (TELEGRAM_CHAT_ID).'] : []),
    ...(listed === 'yes' ? ['You may decide and give commands (TELEGRAM_APPROVER_IDS).'] : []),
    ...(listed === 'empty'
      ? ['Nobody may decide or give commands yet (TELEGRAM_APPROVER_IDS is empty).']
      : []),
    ...(lines.length > 0 ? ['Settings, in .env; they hold after a restart:', ...lines] : []),
    ...(lines.length > 1 || listed === 'empty' ? ['Several user ids are separated by commas.'] : []),
  ];
}
