import { buttonsOf, type ChatMessage } from '../state/messages.ts';
import { textOf } from '../people/observe.ts';

export type Happening = 'new' | 'edited' | 'deleted';

/** A message as lines for a terminal: where it stands, what it says, its buttons with numbers to press. */
export function renderMessage(message: ChatMessage, happening: Happening): string {
  const who = message.outgoing ? 'bot' : 'you';
  const what = happening === 'new' ? '' : ` (${happening})`;
  const head = `── ${who} in chat ${message.chat_id}, message ${message.message_id}${what}`;
  if (happening === 'deleted') return head;
  const text = textOf(message)
    .split('\n')
    .map((line) => `   ${line}`);
  const buttons = buttonsOf(message).map(({ number, text: label, url }) =>
    url === undefined ? `[${number}] ${label}` : `[${label}: ${url}]`,
  );
  return [head, ...text, ...(buttons.length > 0 ? [`   ${buttons.join('  ')}`] : [])].join('\n');
}
