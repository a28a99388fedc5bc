import { Composer, type Context } from 'grammy';
import { replyText } from '../../telegram/reply.ts';
import { commandOf } from '../command-text.ts';
import { commandLines } from '../commands.ts';
import { nearestCommand } from '../nearest-command.ts';

/**
 * Whatever an approver writes and no other feature has taken: they are told that nothing happened, and what the bot understands. In a
 * group others write too, so only a command that names this bot is answered there, or one that is nearly one of ours.
 */
export function notUnderstoodFeature(): Composer<Context> {
  const feature = new Composer();
  const written = ['message:text', 'message:file', 'message:contact', 'message:location'] as const;
  feature.on([...written, 'message:poll', 'message:dice'], async (ctx, next) => {
    const text = ctx.msg.text ?? ctx.msg.caption ?? '';
    const command = commandOf(ctx.msg);
    const nearest = nearestCommand(text);
    if (ctx.chat.type !== 'private' && !isForUs(command, ctx.me.username, nearest)) return next();
    await replyText(ctx, notUnderstoodText(command, nearest));
  });
  return feature;
}

function isForUs(command: string | undefined, username: string, nearest: string | undefined): boolean {
  if (command === undefined) return false;
  const [, addressee] = command.split('@');
  return addressee === undefined ? nearest !== undefined : addressee === username.toLowerCase();
}

/** What somebody is told whose message means nothing to the bot; it says first that nothing has happened. */
function notUnderstoodText(command: string | undefined, nearest: string | undefined): string {
  const what =
    command === undefined ? 'Only commands are understood here.' : `There is no command ${command}.`;
  return [
    `${what} Nothing was stopped, decided or changed.`,
    ...(nearest === undefined ? [] : [`Did you mean /${nearest}?`]),
    '',
    'What is understood:',
    ...commandLines,
    '',
    'Approvals are decided with the buttons below their cards. To reject with a reason, reply to the card.',
  ].join('\n');
}
