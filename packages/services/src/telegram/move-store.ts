import type { Db } from '@actp/db/client';

export type ChatMoveStore = ReturnType<typeof createChatMoveStore>;

/** Groups that have become supergroups, with another id. */
export function createChatMoveStore(db: Db) {
  return {
    list: () => db.call((client) => client.from('actp_telegram_moves').select('chat_id, moved_to')),
    /** @returns the id of the notification that tells the operators */
    record: (move: { from: string; to: string; alerts: boolean; body: string }): Promise<string> =>
      db.call((client) =>
        client.rpc('record_telegram_move', {
          p_chat_id: move.from,
          p_moved_to: move.to,
          p_alerts: move.alerts,
          p_body: move.body,
        }),
      ),
  };
}
