import { forgetOldUpdates } from '@actp/services/telegram/updates';
import type { RefusalStore } from '@actp/services/telegram/refusal-store';
import type { ApprovalCardStore } from '@actp/services/approvals/card-store';
import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';
import type { ChatMoves } from '../telegram/chat-moves.ts';
import type { CardChats } from './card-sender/card-chats.ts';

/**
 * Run at the start and then every now and then: cards in chats that the settings no longer name are sent again elsewhere, and
 * updates that cannot come again are forgotten.
 */
export function createStaleCleanup(deps: {
  db: Db;
  cards: Pick<ApprovalCardStore, 'forgetCardsInOtherChats'>;
  refusals: Pick<RefusalStore, 'forgetOtherChats'>;
  chats: Pick<CardChats, 'allowed' | 'known'>;
  moves: Pick<ChatMoves, 'sync'>;
  log: Logger;
}): () => Promise<void> {
  const { db, cards, refusals, chats, moves, log } = deps;
  return async () => {
    // A card must not be taken for one elsewhere because its group has another id by now.
    await moves.sync();
    const chatIds = [...chats.allowed()];
    // Without any chat there is no better place for them.
    const moved = chatIds.length === 0 ? 0 : await cards.forgetCardsInOtherChats(chatIds);
    if (moved > 0) log.warn({ cards: moved }, 'chat removed from settings, resending cards');
    await refusals.forgetOtherChats([...chats.known()]);
    await forgetOldUpdates(db);
  };
}
