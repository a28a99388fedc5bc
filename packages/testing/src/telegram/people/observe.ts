import { setTimeout as delay } from 'node:timers/promises';
import { latest, type ChatMessage } from '../state/messages.ts';
import { waitUntil } from '../waiting.ts';
import type { World } from '../world.ts';

export interface MessageFilter {
  chat_id?: number;
  message_id?: number;
  /** A part of the text or caption as it is now, or a pattern that it matches. */
  text?: string | RegExp;
  /** Only the bot's messages (true) or only people's (false). */
  outgoing?: boolean;
  deleted?: boolean;
  matches?: (message: ChatMessage) => boolean;
}

const defaultWithinMs = 240_000;

/** The messages that fit, oldest first. */
export function listMessages(world: World, filter: MessageFilter = {}): ChatMessage[] {
  return world.messages.list().filter((message) => fits(message, filter));
}

/**
 * The first message that fits, as soon as there is one.
 *
 * @throws Error that lists what the bot has said instead, after `within` milliseconds
 */
export function waitForMessage(
  world: World,
  ended: AbortSignal,
  filter: MessageFilter,
  within = defaultWithinMs,
): Promise<ChatMessage> {
  const what = () => {
    const said = listMessages(world, { outgoing: true }).slice(-10);
    const texts = said.map((m) => `  chat ${m.chat_id}: ${JSON.stringify(textOf(m))}`);
    const wanted = filter.text === undefined ? 'such message' : `message with ${filter.text}`;
    return `${wanted}; the bot's last messages are:\n${texts.join('\n') || '  none'}`;
  };
  return waitUntil(world.changed, ended, () => listMessages(world, filter)[0], { within, what });
}

/**
 * Waits until the bot has fetched all updates and called nothing but `getUpdates` for `quietMs`.
 *
 * @throws Error when that does not come to pass within `within` milliseconds
 */
export async function waitUntilQuiet(
  world: World,
  ended: AbortSignal,
  { quietMs = 300, within = defaultWithinMs }: { quietMs?: number; within?: number } = {},
): Promise<void> {
  const deadline = performance.now() + within;
  let seen = -1;
  let since = performance.now();
  for (;;) {
    const { calls, busy } = activity(world);
    const now = performance.now();
    if (busy || calls !== seen) since = now;
    // Decided on what was just seen: a slow machine may have slept through much.
    else if (now - since >= quietMs) return;
    if (now > deadline) throw new Error(`The bot was not quiet within ${within} ms`);
    seen = calls;
    await delay(20, undefined, { signal: ended });
  }
}

/** Polls left aside: how many calls there were, and whether one is running or an update is not confirmed yet. */
function activity(world: World): { calls: number; busy: boolean } {
  const calls = world.calls.list().filter(({ method }) => method.toLowerCase() !== 'getupdates');
  const running = calls.some(({ outcome }) => outcome === undefined);
  return { calls: calls.length, busy: running || world.updates.pending().length > 0 };
}

/** The text or caption as it is now. */
export function textOf(message: ChatMessage): string {
  const { text, caption } = latest(message);
  return text ?? caption ?? '';
}

function fits(message: ChatMessage, filter: MessageFilter): boolean {
  const { chat_id, message_id, text, outgoing, deleted = false, matches } = filter;
  if (chat_id !== undefined && message.chat_id !== chat_id) return false;
  if (message_id !== undefined && message.message_id !== message_id) return false;
  if (outgoing !== undefined && message.outgoing !== outgoing) return false;
  if ((message.deleted_at !== undefined) !== deleted) return false;
  const said = textOf(message);
  if (typeof text === 'string' && !said.includes(text)) return false;
  if (text instanceof RegExp && !text.test(said)) return false;
  return matches === undefined || matches(message);
}
