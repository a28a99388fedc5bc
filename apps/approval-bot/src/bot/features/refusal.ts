import { Composer, type Context } from 'grammy';
import type { Logger } from '@actp/shared/log';
import { replyText } from '../../telegram/reply.ts';
import { createAnswerQuota } from '../answer-quota.ts';
import { commandNames } from '../commands.ts';

const refusal = 'You are not authorized to give commands here.';

/**
 * Commands of everybody else: one short answer an hour, a line in the log, nothing else. To `/start` in private a stranger gets their own
 * id, which Telegram shows them anyway, for an administrator to add; nothing about this plane.
 */
export function refusalFeature(deps: { log: Logger; now: () => number }): Composer<Context> {
  const feature = new Composer();
  const mayAnswer = createAnswerQuota({ answers: 1, now: deps.now });
  feature.command(['start', ...commandNames], async (ctx) => {
    const userId = ctx.msg.from?.id;
    deps.log.warn(
      { user_id: userId, chat_id: ctx.chat.id, sender_chat_id: ctx.msg.sender_chat?.id },
      'command refused',
    );
    if (!mayAnswer(userId ?? ctx.chat.id)) return;
    const showsId = ctx.hasCommand('start') && ctx.chat.type === 'private' && userId !== undefined;
    await replyText(ctx, showsId ? `${refusal} Your user id is ${userId}.` : refusal);
  });
  return feature;
}
