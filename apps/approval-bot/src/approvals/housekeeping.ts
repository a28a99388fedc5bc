import type { Logger } from '@actp/shared/log';
import type { ChatMoves } from '../telegram/chat-moves.ts';
import type { CardChats } from './desk/card-chats.ts';
import type { Register } from './register.ts';

/**
 * What is done at the start and then every now and then: cards in chats that the settings no longer name are due elsewhere,
 * and updates that cannot come again are forgotten.
 */
export function createHousekeeping(deps: {
  register: Pick<Register, 'forgetCardsElsewhere' | 'forgetRefusalsElsewhere' | 'forgetOldUpdates'>;
  chats: Pick<CardChats, 'allowed' | 'known'>;
  moves: Pick<ChatMoves, 'sync'>;
  log: Logger;
}): () => Promise<void> {
  const { register, chats, moves, log } = deps;
  return async () => {
    // A card must not be taken for one elsewhere because its group has another id by now.
    await moves.sync();
    const chatIds = [...chats.allowed()];
    // Without any chat there is no better place for them.
    const moved = chatIds.length === 0 ? 0 : await register.forgetCardsElsewhere(chatIds);
    if (moved > 0) log.warn({ cards: moved }, 'cards are sent again: their chat is none for cards any more');
    await register.forgetRefusalsElsewhere([...chats.known()]);
    await register.forgetOldUpdates();
  };
}
