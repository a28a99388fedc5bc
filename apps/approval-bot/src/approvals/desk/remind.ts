import { redact } from '@actp/redaction/redact';
import { joinRows, row } from '../card/row.ts';
import { quoted } from '../card/string-rows.ts';
import { between } from '../card/when.ts';
import { isWaiting } from '../register.ts';
import type { Serve, ServeDeps } from './serve.ts';

/** Reminds people of a card below it. Counted after it was sent: better twice than never. */
export function createReminder({ register, messages, turn }: ServeDeps): Serve {
  return async (id) => {
    const stored = await register.read(id);
    if (!stored || !isWaiting(stored) || stored.chat_id === null || stored.message_id === null) return false;
    const { action, requested_by, expires_at } = stored.approval;
    await turn(stored.chat_id, 'later');
    const text = joinRows([
      row(
        { bold: '⏰ Still waiting' },
        ': ',
        quoted(redact(action)),
        ', asked by ',
        quoted(redact(requested_by)),
      ),
      row(`Expires in ${between(stored.now, expires_at)}. No answer = rejected.`),
    ]);
    await messages.send(stored.chat_id, text, { replyTo: stored.message_id });
    return register.claimReminder(id, stored.reminders ?? 0);
  };
}
