import type { CallbackQuery, Update } from 'grammy/types';
import { buttonsOf, latest, type ChatMessage } from '../state/messages.ts';
import type { CallbackAnswer } from '../state/callback-queries.ts';
import type { World } from '../world.ts';
import { waitUntil } from '../waiting.ts';

export interface Press {
  chat_id: number;
  message_id: number;
  /** The button by its number (from 1, through all rows), its text or its callback data. */
  button: number | string;
  /** Who presses; in a private chat the person of that chat. */
  from?: number;
  /** How long to wait for the bot's answer, in milliseconds. */
  within?: number;
}

export interface ForgedPress {
  from: number;
  data: string;
  /** The message that the press claims to come from; it need not exist. Without it there is none. */
  chat_id?: number;
  message_id?: number;
  within?: number;
}

export interface PressResult {
  update_id: number;
  callback_query_id: string;
  /** What the bot answered, or undefined when it did not in time. */
  answer: CallbackAnswer | undefined;
}

// Only to end what hangs.
const patienceMs = 240_000;

/**
 * A person presses a button that is there.
 *
 * @throws Error when there is no such message or button
 */
export async function press(world: World, ended: AbortSignal, wanted: Press): Promise<PressResult> {
  const { chat_id, message_id, from = chat_id, within = patienceMs } = wanted;
  const message = world.messages.find(chat_id, message_id);
  if (!message) throw new Error(`There is no message ${message_id} in chat ${chat_id}`);
  const data = dataOf(message, wanted.button);
  const query = { from: world.chats.user(from), message: latest(message), data };
  return deliver(world, ended, query, within);
}

/** A press that no client could have made: any user, chat, message and data. */
export async function forgePress(
  world: World,
  ended: AbortSignal,
  { from, data, chat_id, message_id, within = patienceMs }: ForgedPress,
): Promise<PressResult> {
  const user = world.chats.user(from);
  if (chat_id === undefined || message_id === undefined) {
    return deliver(world, ended, { from: user, data, inline_message_id: 'forged' }, within);
  }
  const found = world.messages.find(chat_id, message_id);
  const chat = world.chats.get(chat_id)?.chat ?? {
    id: chat_id,
    type: 'supergroup' as const,
    title: `Group ${chat_id}`,
  };
  const message = found ? latest(found) : { chat, message_id, date: 0 as const };
  return deliver(world, ended, { from: user, message, data }, within);
}

async function deliver(
  world: World,
  ended: AbortSignal,
  query: Omit<CallbackQuery, 'id' | 'chat_instance'>,
  within: number,
): Promise<PressResult> {
  const id = world.callbackQueries.open();
  const chatInstance = String(query.message?.chat.id ?? 0);
  const update: Update = world.updates.add({
    callback_query: { ...query, id, chat_instance: chatInstance },
  });
  const look = () => world.callbackQueries.answerTo(id);
  const answer = await waitUntil(world.changed, ended, look, {
    within,
    what: () => 'answer to the press',
  }).catch(() => undefined);
  return { update_id: update.update_id, callback_query_id: id, answer };
}

function dataOf(message: ChatMessage, wanted: number | string): string {
  const buttons = buttonsOf(message);
  const found = buttons.find(
    ({ number, text, callback_data }) => number === wanted || text === wanted || callback_data === wanted,
  );
  if (found?.callback_data !== undefined) return found.callback_data;
  const there = buttons.map(({ number, text }) => `${number} ${text}`).join(', ') || 'none';
  throw new Error(`Message ${message.message_id} has no such button to press; there is: ${there}`);
}
