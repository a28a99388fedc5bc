import { z } from 'zod';
import { fail, ok, warn, type Finding } from './finding.ts';
import type { TelegramCall } from './telegram-api.ts';

const name = 'telegram approvers';
const Member = z.object({ status: z.string() });

/**
 * Whether those who may decide are people whom the bot knows: in the chat, or because they wrote to it.
 *
 * @param linked how many accounts are linked to a Telegram user, who may decide as well
 */
export async function approverFindings(
  call: TelegramCall,
  chatId: string | undefined,
  ids: readonly number[],
  linked: number,
): Promise<Finding[]> {
  if (ids.length === 0 && linked > 0) return [ok(name, `${linked} by linked accounts`)];
  if (ids.length === 0) {
    return [
      fail(
        name,
        'TELEGRAM_APPROVER_IDS is empty: nobody can decide or give commands in Telegram',
        'npm run setup takes the id from /start; an account can be linked as well (docs/operators.md)',
      ),
    ];
  }
  const known = await Promise.all(ids.map((id) => isKnown(call, chatId, id)));
  const strangers = ids.filter((_, index) => known[index] === false);
  if (strangers.length > 0) {
    return [
      warn(
        name,
        `the bot does not know ${strangers.join(', ')} of TELEGRAM_APPROVER_IDS`,
        'Let them send /start to the bot, or join the chat; or correct the ids',
      ),
    ];
  }
  return [ok(name, ids.length === 1 ? 'one, known to the bot' : `${ids.length}, all known to the bot`)];
}

async function isKnown(call: TelegramCall, chatId: string | undefined, id: number): Promise<boolean> {
  const direct = await call('getChat', { chat_id: id });
  // What cannot be asked now is no stranger.
  if (direct.is !== 'refused') return true;
  if (chatId === undefined || !chatId.startsWith('-')) return false;
  const member = await call('getChatMember', { chat_id: chatId, user_id: id });
  if (member.is !== 'done') return member.is === 'unreachable';
  const status = Member.safeParse(member.result).data?.status;
  return status !== 'left' && status !== 'kicked';
}
