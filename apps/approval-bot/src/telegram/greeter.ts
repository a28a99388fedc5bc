import type { Api } from 'grammy';
import type { GreetingStore } from '@actp/services/telegram/greetings';
import type { ChatMoves } from './chat-moves.ts';

/** Sees to it that what a chat hears first is what this is, and not an alert or a question. */
export interface ChatGreeter {
  /** True when the next message in this chat would be the first one ever. */
  isDue(chatId: string): Promise<boolean>;
  /** Introduces the bot, with one message. Failures throw as the Bot API client throws them. */
  greet(chatId: string): Promise<void>;
}

export interface Greeter {
  /** The bot has introduced itself in this chat. */
  greeted(chatId: string): Promise<void>;
  /** For senders that have a client of their own. */
  through(api: Api): ChatGreeter;
}

/** One for all senders of a process: it remembers which chats know the bot. */
export function createGreeter(deps: {
  store: GreetingStore;
  moves: Pick<ChatMoves, 'confirmed' | 'failed'>;
  text: (chatId: string) => string;
}): Greeter {
  const { store, moves, text } = deps;
  const known = new Set<string>();
  // Alerts and cards are sent side by side.
  const underWay = new Map<string, Promise<void>>();

  async function greeted(chatId: string): Promise<void> {
    known.add(chatId);
    // Sent, whether or not it can be recorded now: at worst it comes once more after a restart.
    await store.record(chatId).catch(() => undefined);
  }

  async function send(api: Api, chatId: string): Promise<void> {
    try {
      await api.sendMessage(Number(chatId), text(chatId), { link_preview_options: { is_disabled: true } });
    } catch (error) {
      moves.failed(chatId);
      throw error;
    }
    moves.confirmed(chatId);
    await greeted(chatId);
  }

  async function isDue(chatId: string): Promise<boolean> {
    if (known.has(chatId)) return false;
    // A database that is away must be no obstacle to what is sent all the same.
    const isGreeted = await store.isGreeted(chatId).catch(() => undefined);
    if (isGreeted === true) known.add(chatId);
    return isGreeted === false;
  }

  return {
    greeted,
    through: (api) => ({
      isDue,
      async greet(chatId) {
        if (known.has(chatId)) return;
        const greeting = underWay.get(chatId) ?? send(api, chatId);
        underWay.set(chatId, greeting);
        await greeting.finally(() => underWay.delete(chatId));
      },
    }),
  };
}
