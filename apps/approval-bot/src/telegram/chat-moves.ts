import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';

/** Groups of the settings that have become supergroups, whose ids are others. Kept in the database. */
export interface ChatMoves {
  /** The id under which a chat is to be reached now. */
  current(chatId: string): string;
  /**
   * Telegram says that a chat has another id. It counts at once; the database hears of it, and with it the operators, as
   * soon as it answers.
   *
   * @returns false when that is no news or the chat is none of the settings
   */
  moved(from: string, to: string): boolean;
  /** Reads what other copies and earlier processes have noted, and notes what is not noted yet. */
  sync(): Promise<void>;
}

export interface ChatMovesDeps {
  db: Db;
  log: Logger;
  /** TELEGRAM_CHAT_ID. */
  main: string | undefined;
  /** TELEGRAM_EXTRA_CHAT_IDS. */
  extra: readonly string[];
  /** Told of the message to the operators. */
  onMessage: (notificationId: string) => void;
}

export function createChatMoves({ db, log, main, extra, onMessage }: ChatMovesDeps): ChatMoves {
  const moves = new Map<string, string>();
  const unwritten = new Set<string>();
  const settingOf = (id: string) =>
    id === main ? 'TELEGRAM_CHAT_ID' : extra.includes(id) ? 'TELEGRAM_EXTRA_CHAT_IDS' : undefined;

  function take(from: string, to: string): boolean {
    const setting = settingOf(from);
    if (setting === undefined || to === from || moves.get(from) === to || !/^-\d{1,20}$/.test(to))
      return false;
    moves.set(from, to);
    log.warn(
      { chat_id: from, moved_to: to, setting },
      'a group is now a supergroup of another id: set that id',
    );
    return true;
  }

  async function write(from: string): Promise<void> {
    const to = moves.get(from);
    if (to === undefined) return;
    const setting = settingOf(from) ?? '';
    const body = [
      `The group ${from} of ${setting} has become a supergroup with the id ${to}.`,
      'Alerts, cards and commands use the new id from now on.',
      setting === 'TELEGRAM_CHAT_ID'
        ? `Please set TELEGRAM_CHAT_ID=${to}.`
        : `Please replace ${from} by ${to} in TELEGRAM_EXTRA_CHAT_IDS.`,
    ].join('\n');
    const id = await db.call((client) =>
      client.rpc('record_telegram_move', {
        p_chat_id: from,
        p_moved_to: to,
        p_alerts: from === main,
        p_body: body,
      }),
    );
    unwritten.delete(from);
    onMessage(id);
  }

  return {
    current: (chatId) => moves.get(chatId) ?? chatId,
    moved(from, to) {
      if (!take(from, to)) return false;
      unwritten.add(from);
      write(from).catch((error: unknown) => log.debug({ err: error }, 'a moved chat is noted later'));
      return true;
    },
    async sync() {
      for (const from of unwritten) await write(from);
      const rows = await db.call((client) => client.from('actp_telegram_moves').select('chat_id, moved_to'));
      for (const { chat_id, moved_to } of rows) take(chat_id, moved_to);
    },
  };
}
