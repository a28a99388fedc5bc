import { joinRows, row } from '@actp/services/approvals/card/row';
import { noWarnings } from '@actp/services/approvals/card/card-warnings';
import { shownMasked } from '@actp/services/approvals/card/shown';
import { quoted } from '@actp/services/approvals/card/string-rows';
import { between } from '@actp/services/approvals/card/when';
import { isPending } from '@actp/services/approvals/card-store';
import type { CardWorkHandler, CardWorkDeps } from './card-work.ts';
import { traceCard } from './trace-card.ts';

/** Reminds people of a card below it. Counted after it was sent: better twice than never. */
export function createReminder({ store, messages, turn }: CardWorkDeps): CardWorkHandler {
  return async (id) => {
    const stored = await store.read(id);
    if (!stored || !isPending(stored) || stored.chat_id === null || stored.message_id === null) return false;
    const { action, agent_id, expires_at } = stored.approval;
    await turn(stored.chat_id, 'later');
    // The card itself says what is hidden.
    const warnings = noWarnings();
    const text = joinRows([
      row(
        { bold: '⏰ Still waiting' },
        ': ',
        quoted(shownMasked(action, warnings)),
        ', requested by ',
        quoted(shownMasked(agent_id, warnings)),
      ),
      row(`Expires in ${between(stored.now, expires_at)}. No answer = rejected.`),
    ]);
    const { chat_id: chatId, message_id: replyTo } = stored;
    return traceCard('remind', stored, async () => {
      await messages.send(chatId, text, { replyTo });
      return store.claimReminder(id, stored.reminders ?? 0);
    });
  };
}
