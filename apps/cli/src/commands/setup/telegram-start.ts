import type { TelegramCall } from '@actp/services/doctor/telegram-api';
import { waitForStart, type Start } from '@actp/services/setup/wait-for-start';
import { visibleText } from '@actp/shared/visible-text';
import type { Conversation } from './conversation.ts';
import type { Draft } from './draft.ts';

/**
 * Waits for /start and takes the chat and the person from it.
 *
 * @returns false when they have to be typed
 */
export async function takeIdsFromStart(
  talk: Conversation,
  draft: Draft,
  call: TelegramCall,
  username: string,
): Promise<boolean> {
  const seen = new Set<number>();
  for (;;) {
    talk.say(`  Send /start to @${username} now (https://t.me/${username}); in a group: /start@${username}`);
    talk.say('  Waiting ... Enter ends it; then you can type the ids.');
    const outcome = await talk.unlessEnter((signal) => waitForStart(call, seen, signal));
    if (outcome === undefined) return false;
    if (outcome.is === 'taken') {
      talk.say('  Another program fetches what is written to this bot. Stop it, or use another bot.');
      return false;
    }
    if (outcome.is === 'failed') {
      talk.say(`  ${outcome.why}.`);
      return false;
    }
    const { start } = outcome;
    seen.add(start.updateId);
    talk.say(`  ${described(start)}`);
    if (!(await talk.confirm('Use this chat, and let this person decide?', true))) continue;
    draft.set('TELEGRAM_CHAT_ID', String(start.chat.id));
    addApprover(draft, start.user.id);
    return true;
  }
}

// Names are of strangers' making.
const nameOf = (name: string) => `“${visibleText(name).replaceAll(/\s+/g, ' ').slice(0, 64)}”`;

function described({ chat, user }: Start): string {
  const where =
    chat.type === 'private'
      ? 'in the private chat'
      : `in the ${chat.type} ${nameOf(chat.title)} (chat ${chat.id})`;
  return `/start came from ${nameOf(user.name)} (user ${user.id}) ${where}.`;
}

function addApprover(draft: Draft, id: number): void {
  const before = (draft.get('TELEGRAM_APPROVER_IDS') ?? '').split(',').map((entry) => entry.trim());
  const ids = new Set([...before.filter((entry) => entry !== ''), String(id)]);
  draft.set('TELEGRAM_APPROVER_IDS', [...ids].join(','));
}
