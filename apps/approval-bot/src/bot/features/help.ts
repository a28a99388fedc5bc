import { Composer, type Context } from 'grammy';
import { replyText } from '../../telegram/reply.ts';
import { botCommands } from '../commands.ts';

/** `/help` and `/start`: what there is. */
export function helpFeature(): Composer<Context> {
  const feature = new Composer();
  const list = botCommands.map(({ command, description }) => `/${command} - ${description}`);
  const text = [
    'This bot reports self-test results of actp-worker and requests approvals.',
    '',
    ...list,
  ].join('\n');
  feature.command(['help', 'start'], (ctx) => replyText(ctx, text));
  return feature;
}
