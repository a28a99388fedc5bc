import type { ChatMoveStore } from '@actp/services/telegram/move-store';
import type { Logger } from '@actp/shared/log';

/**
 * Groups of the settings that have become supergroups, whose ids are others. Kept in the database. What a refusal says is
 * tried, and believed once a message went through there: until then the id of the settings is asked again after a failure.
 */
export interface ChatMoves {
  /** The id under which a chat is to be reached now. */
  current(chatId: string): string;
  /**
   * The id under which the database knows messages of a chat: another one than the current one while a move is not written, or
   * not sure. A number of theirs is another message's in a chat that has another id.
   */
  written(chatId: string): string;
  /** The id that the settings have for a chat, whichever it is given. */
  inSettings(chatId: string): string;
  /**
   * A refusal says that a chat has another id.
   *
   * @returns false when that is no news or the chat is none of the settings
   */
  moved(from: string, to: string): boolean;
  /** Telegram has written into a chat that it has become another. */
  announced(from: string, to: string): void;
  /** A message went through under this id: the database hears of the move, and with it the operators. */
  confirmed(chatId: string): void;
  /** A message was refused under this id. */
  failed(chatId: string): void;
  /** Reads what other copies and earlier processes have noted, and notes what is not noted yet. */
  sync(): Promise<void>;
  /** Resolves when nothing is being written. */
  settled(): Promise<void>;
}

export interface ChatMovesDeps {
  store: ChatMoveStore;
  log: Logger;
  /** TELEGRAM_CHAT_ID. */
  main: string | undefined;
  /** TELEGRAM_EXTRA_CHAT_IDS. */
  extra: readonly string[];
  /** Told of the message to the operators. */
  onMessage: (notificationId: string) => void;
}

export function createChatMoves({ store, log, main, extra, onMessage }: ChatMovesDeps): ChatMoves {
  const moves = new Map<string, { to: string; sure: boolean }>();
  // Also of moves that were not believed in the end: what was refused there was refused to the chat of the settings.
  const origins = new Map<string, string>();
  const unwritten = new Set<string>();
  const underWay = new Set<Promise<void>>();
  const settingOf = (id: string) =>
    id === main ? 'TELEGRAM_CHAT_ID' : extra.includes(id) ? 'TELEGRAM_EXTRA_CHAT_IDS' : undefined;

  function take(from: string, to: string, sure: boolean): boolean {
    const known = moves.get(from);
    const isNews = known?.to !== to || (sure && !known.sure);
    if (settingOf(from) === undefined || to === from || !isNews || !/^-\d{1,20}$/.test(to)) return false;
    moves.set(from, { to, sure });
    origins.set(to, from);
    if (sure) {
      const setting = settingOf(from);
      log.warn({ chat_id: from, moved_to: to, setting }, 'group became a supergroup, update the setting');
    }
    return true;
  }

  function note(from: string): void {
    unwritten.add(from);
    const writing = write(from)
      .catch((error: unknown) => log.debug({ err: error }, 'recording a chat move failed, retrying'))
      .finally(() => underWay.delete(writing));
    underWay.add(writing);
  }

  async function write(from: string): Promise<void> {
    const to = moves.get(from)?.to;
    if (to === undefined) return;
    const alerts = from === main;
    const id = await store.record({ from, to, alerts, body: noticeOf(from, to, alerts) });
    unwritten.delete(from);
    onMessage(id);
  }

  return {
    current: (chatId) => moves.get(chatId)?.to ?? chatId,
    written(chatId) {
      const move = moves.get(chatId);
      return move?.sure === true && !unwritten.has(chatId) ? move.to : chatId;
    },
    inSettings: (chatId) => (settingOf(chatId) === undefined ? origins.get(chatId) : undefined) ?? chatId,
    moved: (from, to) => moves.get(from)?.sure !== true && take(from, to, false),
    announced(from, to) {
      if (take(from, to, true)) note(from);
    },
    confirmed(chatId) {
      for (const [from, { to, sure }] of moves) {
        if (to === chatId && !sure && take(from, to, true)) note(from);
      }
    },
    failed(chatId) {
      for (const [from, { to, sure }] of moves) if (to === chatId && !sure) moves.delete(from);
    },
    async settled() {
      await Promise.all(underWay);
    },
    async sync() {
      for (const from of unwritten) await write(from);
      for (const { chat_id, moved_to } of await store.list()) take(chat_id, moved_to, true);
    },
  };
}

function noticeOf(from: string, to: string, isMain: boolean): string {
  return [
    `The group ${from} of ${isMain ? 'TELEGRAM_CHAT_ID' : 'TELEGRAM_EXTRA_CHAT_IDS'} has become a supergroup with the id ${to}.`,
    'Alerts, cards and commands use the new id from now on.',
    isMain
      ? `Please set TELEGRAM_CHAT_ID=${to}.`
      : `Please replace ${from} by ${to} in TELEGRAM_EXTRA_CHAT_IDS.`,
  ].join('\n');
}
