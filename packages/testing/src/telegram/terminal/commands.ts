import type { TelegramServer } from '../server.ts';
import { buttonsOf } from '../state/messages.ts';
import { sendRefusals } from '../state/send-refusals.ts';
import { renderMessage } from './render.ts';

export const commandHelp = `
  say <text>             write to the bot (/status alone does, too)
  press <n>              press button n of the newest message that has buttons
  press <n> of <id>      press button n of message <id>
  as <user> <command>    the same as another user:      as 7 press 1
  in <chat> <command>    the same in another chat:      in -1001 say /status
  again                  deliver the last update once more
  fault <effect> [times] error | reset | hang | garbage for the next calls   fault reset 3
  clear                  no more faults
  refuse <why>           the chat takes no messages: ${sendRefusals.slice(0, 4).join(', ')}, ...; open ends it
  migrate <id>           the group becomes the supergroup <id>
  messages               everything that stands in the chats
  help, quit`;

interface Place {
  user: number;
  chat: number;
}

const effects = {
  error: { effect: 'error', code: 502, description: 'Bad Gateway' },
  reset: { effect: 'reset' },
  hang: { effect: 'hang', when: 'after' },
  garbage: { effect: 'garbage' },
} as const;

/**
 * Carries out one typed line.
 *
 * @returns what to print; throws when the line makes no sense
 */
export async function runCommand(telegram: TelegramServer, line: string, place: Place): Promise<string> {
  const [word = '', rest = ''] = split(line);
  if (word.startsWith('/')) return say(telegram, line, place);
  switch (word) {
    case '':
      return '';
    case 'as': {
      const [user, command = ''] = split(rest);
      const id = numberOf(user);
      // A person's private chat is their own; a group stays the group.
      return runCommand(telegram, command, { user: id, chat: place.chat > 0 ? id : place.chat });
    }
    case 'in': {
      const [chat, command = ''] = split(rest);
      return runCommand(telegram, command, { ...place, chat: numberOf(chat) });
    }
    case 'say':
      return say(telegram, rest, place);
    case 'press':
      return press(telegram, rest, place);
    case 'again':
      return again(telegram);
    case 'fault': {
      const [name = '', times] = split(rest);
      if (!isEffect(name)) throw new Error(`Effects are ${Object.keys(effects).join(', ')}`);
      telegram.faults.add({ ...effects[name], ...(times ? { times: numberOf(times) } : {}) });
      return 'set';
    }
    case 'clear':
      telegram.faults.clear();
      return 'cleared';
    case 'refuse': {
      const sending = ['open' as const, ...sendRefusals].find((name) => name === rest.trim());
      if (sending === undefined) throw new Error(`Reasons are open, ${sendRefusals.join(', ')}`);
      telegram.setSending(place.chat, sending);
      return 'set';
    }
    case 'migrate':
      telegram.migrate(place.chat, numberOf(rest.trim()));
      return `chat ${place.chat} is now ${rest.trim()}`;
    case 'messages':
      return telegram
        .messages()
        .map((message) => renderMessage(message, 'new'))
        .join('\n');
    case 'help':
      return commandHelp;
    default:
      throw new Error(`Nobody here knows "${word}"; "help" lists what there is`);
  }
}

function say(telegram: TelegramServer, text: string, { user, chat }: Place): string {
  if (text === '') throw new Error('Say what?');
  telegram.say({ chat_id: chat, from: user, text });
  return '';
}

async function press(telegram: TelegramServer, rest: string, { user }: Place): Promise<string> {
  const [, number, id] = /^(\d+)(?: of (\d+))?$/.exec(rest) ?? [];
  if (number === undefined) throw new Error('press <n>, or press <n> of <message id>');
  const message = telegram
    .messages({ outgoing: true, ...(id === undefined ? {} : { message_id: Number(id) }) })
    .findLast((candidate) => buttonsOf(candidate).length > 0);
  if (!message) throw new Error('There is no message with buttons');
  const { chat_id, message_id } = message;
  const pressed = { chat_id, message_id, button: Number(number), from: user };
  const { answer } = await telegram.press(pressed);
  return answer ? `── answer: ${answer.text ?? '(no text)'}` : '── the bot did not answer the press';
}

function again(telegram: TelegramServer): string {
  const last = telegram.updates().at(-1);
  if (!last) throw new Error('There was no update yet');
  telegram.redeliver(last.update_id);
  return `update ${last.update_id} goes out again`;
}

function split(text: string): string[] {
  const found = /^\s*(\S+)(?:\s+([\s\S]*))?$/.exec(text.trimEnd());
  return found ? [found[1] ?? '', found[2] ?? ''] : [];
}

function numberOf(text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text === '' || !Number.isSafeInteger(value)) {
    throw new Error(`"${text ?? ''}" is no number`);
  }
  return value;
}

function isEffect(name: string): name is keyof typeof effects {
  return Object.hasOwn(effects, name);
}
