import type { Db } from '@actp/db/client';

export type GreetingStore = ReturnType<typeof createGreetingStore>;

/** In which chats the bot has introduced itself. */
export function createGreetingStore(db: Db) {
  return {
    isGreeted: (chatId: string): Promise<boolean> =>
      db.call((client) => client.rpc('is_chat_greeted', { p_chat_id: chatId })),
    record: (chatId: string) => db.call((client) => client.rpc('note_greeting', { p_chat_id: chatId })),
  };
}
