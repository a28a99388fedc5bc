import type { ChatMoves } from '../../telegram/chat-moves.ts';

/** Where cards go. */
export interface CardChats {
  /** TELEGRAM_CHAT_ID, or the supergroup that it has become; without it only approvals that name a chat are shown. */
  main(): string | undefined;
  /** Every chat that a card may be in, under the id that it has now. */
  allowed(): ReadonlySet<string>;
  /** The same, and the ids that they had before. */
  known(): ReadonlySet<string>;
  /** The id that a chat has now. */
  current(chatId: string): string;
}

export function createCardChats(deps: {
  main: string | undefined;
  extra: readonly string[];
  moves: Pick<ChatMoves, 'current'>;
}): CardChats {
  const { main, extra, moves } = deps;
  const named = [...(main === undefined ? [] : [main]), ...extra];
  const allowed = () => new Set(named.map((id) => moves.current(id)));
  return {
    main: () => (main === undefined ? undefined : moves.current(main)),
    allowed,
    known: () => new Set([...named, ...allowed()]),
    current: (chatId) => moves.current(chatId),
  };
}

/** The chat for a card: the one that was asked for, as long as the settings allow it, else the main one. */
export function chatFor(chats: CardChats, wanted: string | null): string | undefined {
  const now = wanted === null ? undefined : chats.current(wanted);
  return now !== undefined && chats.allowed().has(now) ? now : chats.main();
}
