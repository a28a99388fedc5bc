import { keyboard } from '../buttons/keyboard.ts';
import { renderCard, renderOutcome } from '@actp/services/approvals/card/card';
import { isPending, type StoredApproval } from '@actp/services/approvals/card-store';
import type { CardWorkHandler, CardWorkDeps } from './card-work.ts';
import { traceCard } from './trace-card.ts';

/** Makes a card say what is true now. Where the card is gone, people get a new one, or the outcome as a message. */
export function createCardEdit({
  store,
  messages,
  mac,
  chats,
  timeZone,
  turn,
}: CardWorkDeps): CardWorkHandler {
  return async (id) => {
    const stored = await store.read(id);
    if (!stored || stored.chat_id === null || stored.message_id === null) return false;
    const { chat_id: chatId, message_id: messageId } = stored;
    return traceCard('edit', stored, () => edit(stored, chatId, messageId));
  };

  async function edit(stored: StoredApproval, chatId: string, messageId: number): Promise<boolean> {
    const { approval } = stored;
    const { id } = approval;
    await turn(chatId, 'later');
    if (isPending(stored) && approval.action_digest !== null) {
      const target = { chatId, actionDigest: approval.action_digest };
      const { text, approvable } = renderCard({ ...stored, timeZone });
      const buttons = keyboard(approvable ? 'decide' : 'reject_only', id, target, mac);
      const edited = await messages.edit(chatId, messageId, text, buttons);
      if (edited === 'gone') await store.forgetCard(id, messageId);
      else await store.recordShown(id, approval.version);
      return true;
    }
    await showOutcome(stored, chatId, messageId);
    await store.recordShown(id, approval.version);
    return true;
  }

  async function showOutcome(stored: StoredApproval, chatId: string, messageId: number): Promise<void> {
    const text = renderOutcome({ ...stored, timeZone });
    if ((await messages.edit(chatId, messageId, text)) === 'edited') return;
    const now = chats.current(chatId);
    await turn(now, 'later');
    await messages.send(now, text);
  }
}
