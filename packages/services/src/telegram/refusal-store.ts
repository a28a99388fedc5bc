import type { Db } from '@actp/db/client';

/** What can be refused, each more than the one before it; `token` is everything, in every chat. */
export type RefusedPart = 'edit' | 'text' | 'buttons' | 'token';

export type RefusalStore = ReturnType<typeof createRefusalStore>;

/** What Telegram refuses at present, by chat; a chat id of '' stands for every chat. */
export function createRefusalStore(db: Db) {
  return {
    record: (chatId: string, part: RefusedPart, reason: string) =>
      db.call((client) =>
        client.rpc('note_telegram_refusal', { p_chat_id: chatId, p_what: part, p_reason: reason }),
      ),
    /** @returns how many there were */
    clear: (chatId: string, parts: RefusedPart[]): Promise<number> =>
      db.call((client) => client.rpc('clear_telegram_refusals', { p_chat_id: chatId, p_what: parts })),
    /**
     * Claims a chat of these in which a refusal has not been tried again for a while.
     *
     * @returns its id, or null when there is none
     */
    claimQuiet: (chatIds: string[], quietSeconds: number): Promise<string | null> =>
      db.call((client) =>
        client.rpc('claim_quiet_telegram_refusal', { p_chat_ids: chatIds, p_quiet_seconds: quietSeconds }),
      ),
    /** Forgets those of chats that are none of these. */
    forgetOtherChats: (chatIds: string[]) =>
      db.call((client) => client.rpc('forget_telegram_refusals_elsewhere', { p_chat_ids: chatIds })),
  };
}
