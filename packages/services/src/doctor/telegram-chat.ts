import { z } from 'zod';
import { fail, ok, type Finding } from './finding.ts';
import type { TelegramCall } from './telegram-api.ts';

const Chat = z.object({ type: z.enum(['private', 'group', 'supergroup', 'channel']) });
const Member = z.object({
  status: z.string(),
  can_send_messages: z.boolean().optional(),
  can_post_messages: z.boolean().optional(),
});

/** Whether the bot can write to a chat. @param setting which names it */
export async function chatFinding(
  call: TelegramCall,
  botId: number,
  chat: string,
  setting: string,
): Promise<Finding> {
  const name = 'telegram chat';
  const answer = await call('getChat', { chat_id: chat });
  if (answer.is === 'unreachable')
    return fail(name, `no answer about ${setting}${answer.how}`, 'Look again in a minute');
  if (answer.is === 'refused') {
    return answer.code === 403
      ? fail(
          name,
          `the bot may not write to ${setting} (blocked, or removed)`,
          'Unblock it, or add it to the group again',
        )
      : fail(
          name,
          `the bot does not know ${setting} (${answer.code})`,
          'Send /start to the bot from that chat; npm run setup takes the id from it',
        );
  }
  const parsed = Chat.safeParse(answer.result);
  const type = parsed.data?.type ?? 'private';
  if (type === 'private') return ok(name, `${setting} can be reached (private)`);
  const rights = await rightsProblem(call, botId, chat, type);
  if (rights === undefined) return ok(name, `${setting} can be reached (${type})`);
  return fail(name, `${setting}: ${rights}`, `Give the bot that right in the settings of the ${type}`);
}

async function rightsProblem(
  call: TelegramCall,
  botId: number,
  chat: string,
  type: string,
): Promise<string | undefined> {
  const answer = await call('getChatMember', { chat_id: chat, user_id: botId });
  const member = answer.is === 'done' ? Member.safeParse(answer.result).data : undefined;
  if (member === undefined) return undefined;
  if (member.status === 'left' || member.status === 'kicked') return `the bot is not in the ${type}`;
  if (member.status === 'restricted' && member.can_send_messages === false) {
    return 'the bot is restricted there and may not send messages';
  }
  if (type === 'channel' && member.status === 'administrator' && member.can_post_messages === false) {
    return 'the bot may not post in the channel';
  }
  return undefined;
}
