import type { Press } from './press.ts';

// Telegram's own accounts for people who do not show who they are: anonymous administrators, channels, Telegram itself.
const nobody: ReadonlySet<number> = new Set([1_087_968_824, 136_817_688, 777_000]);

/** Why the pressing user may not decide here; undefined when it is an approver in a chat for cards. */
export function authorizePress(
  { userId, isBot, message }: Press,
  access: { approverIds: ReadonlySet<number>; chatIds: ReadonlySet<string> },
): 'not_a_person' | 'stranger' | 'no_message' | 'other_chat' | undefined {
  if (isBot || nobody.has(userId)) return 'not_a_person';
  if (!access.approverIds.has(userId)) return 'stranger';
  if (!message) return 'no_message';
  return access.chatIds.has(message.chatId) ? undefined : 'other_chat';
}
