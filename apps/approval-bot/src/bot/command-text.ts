import type { Message } from 'grammy/types';

/** The command that a message begins with, as it is written: `/status@some_bot`. Undefined when it begins with none. */
export function commandOf(message: Pick<Message, 'text' | 'entities'> | undefined): string | undefined {
  const { text, entities } = message ?? {};
  const first = entities?.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  return text === undefined || first === undefined ? undefined : text.slice(0, first.length);
}
