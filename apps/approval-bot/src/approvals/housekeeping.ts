import type { Logger } from '@actp/shared/log';
import type { Register } from './register.ts';

/**
 * What is done at the start and then every now and then: cards in chats that the settings no longer name are due elsewhere,
 * and updates that cannot come again are forgotten.
 */
export function createHousekeeping(deps: {
  register: Pick<Register, 'forgetCardsElsewhere' | 'forgetOldUpdates'>;
  chatIds: ReadonlySet<string>;
  log: Logger;
}): () => Promise<void> {
  const { register, chatIds, log } = deps;
  return async () => {
    // Without any chat there is no better place for them.
    const moved = chatIds.size === 0 ? 0 : await register.forgetCardsElsewhere([...chatIds]);
    if (moved > 0) log.warn({ cards: moved }, 'cards are sent again: their chat is none for cards any more');
    await register.forgetOldUpdates();
  };
}
