import { Composer, type Context } from 'grammy';
import { replyText } from '../../telegram/reply.ts';
import { commandLines } from '../commands.ts';

/** `/help`: what there is. */
export function helpFeature(): Composer<Context> {
  const feature = new Composer();
  const text = [
    'This bot reports self-test results of actp-worker and requests approvals.',
    '',
    ...commandLines,
    '/start - Show your user id and the id of this chat, for the settings',
    '',
    'To reject with a reason, reply to the card.',
  ].join('\n');
  feature.command('help', (ctx) => replyText(ctx, text));
  return feature;
}
