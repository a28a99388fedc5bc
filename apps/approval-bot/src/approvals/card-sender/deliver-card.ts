import { keyboard } from '../buttons/keyboard.ts';
import { renderCard } from '@actp/services/approvals/card/card';
import { isAskable } from '@actp/services/approvals/card-store';
import { chatFor } from './card-chats.ts';
import type { CardWorkHandler, CardWorkDeps } from './card-work.ts';
import { traceCard } from './trace-card.ts';

export interface CardDelivery {
  deliver: CardWorkHandler;
  /** Records the cards that were sent while the database was unavailable; before anything is sent again. */
  flushUnacknowledged(): Promise<void>;
  /** Whether a card was sent of which the database has not heard. */
  hasUnacknowledged(): boolean;
}

// Cards that were interrupted; the parts of older ones would come again.
const rememberedParts = 100;

/**
 * Asks a person: sends the card of an approval, and before it whatever did not fit. A card is recorded after it was sent;
 * when that gets lost, another one is sent, and only the one that was recorded last can decide.
 */
export function createCardDelivery(deps: CardWorkDeps): CardDelivery {
  const { store, messages, mac, chats, timeZone, turn } = deps;
  // Messages before a card that were sent when something interrupted us: they need not come again.
  const partsSent = new Map<string, { chatId: string; messageIds: number[] }>();
  const unacknowledged = new Map<string, { chatId: string; messageId: number; version: number }>();

  async function acknowledge(id: string): Promise<void> {
    const card = unacknowledged.get(id);
    if (card) await store.recordCard(id, card);
    unacknowledged.delete(id);
  }

  async function sendParts(
    id: string,
    chatId: string,
    parts: readonly string[],
  ): Promise<number | undefined> {
    const before = partsSent.get(id);
    // In another chat nobody sees them.
    const sent = before?.chatId === chatId ? before.messageIds : [];
    partsSent.set(id, { chatId, messageIds: sent });
    const [oldest] = partsSent.keys();
    if (partsSent.size > rememberedParts && oldest !== undefined) partsSent.delete(oldest);
    for (const part of parts.slice(sent.length)) {
      await turn(chatId, 'urgent');
      sent.push(await messages.send(chatId, part, { replyTo: sent[0] }));
    }
    return sent[0];
  }

  return {
    async deliver(id) {
      const stored = await store.read(id);
      const actionDigest = stored?.approval.action_digest ?? null;
      const chatId = stored ? chatFor(chats, stored.chat_id) : undefined;
      const due = stored !== undefined && isAskable(stored) && stored.message_id === null;
      if (!due || actionDigest === null || chatId === undefined) {
        partsSent.delete(id);
        return false;
      }
      const card = renderCard({ ...stored, timeZone });
      const target = { chatId, actionDigest };
      return traceCard('send', stored, async () => {
        const first = await sendParts(id, chatId, card.parts);
        await turn(chatId, 'urgent');
        const messageId = await messages.send(chatId, card.text, {
          keyboard: keyboard(card.approvable ? 'decide' : 'reject_only', id, target, mac),
          replyTo: first,
        });
        partsSent.delete(id);
        unacknowledged.set(id, { chatId, messageId, version: stored.approval.version });
        await acknowledge(id);
        return true;
      });
    },
    async flushUnacknowledged() {
      for (const id of unacknowledged.keys()) {
        const stored = await store.read(id);
        // Meanwhile another copy may have sent another card, which is the newer one.
        if (stored?.message_id === null) await acknowledge(id);
        else unacknowledged.delete(id);
      }
    },
    hasUnacknowledged: () => unacknowledged.size > 0,
  };
}
