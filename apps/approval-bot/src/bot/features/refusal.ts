import { Composer, type Context } from 'grammy';
import type { Logger } from '@actp/shared/log';
import { replyText } from '../../telegram/reply.ts';
import { commandNames } from '../commands.ts';

// One answer per stranger and hour: whoever knocks on must not make the bot talk, or run into Telegram's limits.
const quietMs = 60 * 60 * 1_000;
// Strangers that are remembered; the oldest are forgotten first.
const maxRemembered = 1_000;

/** Commands of everybody else: one short answer, a line in the log, nothing else. */
export function refusalFeature(deps: { log: Logger; now: () => number }): Composer<Context> {
  const feature = new Composer();
  const answered = new Map<number, number>();
  feature.command(['start', ...commandNames], async (ctx) => {
    const userId = ctx.msg.from?.id;
    deps.log.warn(
      { user_id: userId, chat_id: ctx.chat.id, sender_chat_id: ctx.msg.sender_chat?.id },
      'command refused',
    );
    const who = userId ?? ctx.chat.id;
    const last = answered.get(who);
    if (last !== undefined && deps.now() - last < quietMs) return;
    answered.delete(who);
    answered.set(who, deps.now());
    const [oldest] = answered.keys();
    if (answered.size > maxRemembered && oldest !== undefined) answered.delete(oldest);
    await replyText(ctx, 'You are not authorized to give commands here.');
  });
  return feature;
}
