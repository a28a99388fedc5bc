import { Composer, type Context } from 'grammy';
import { replyText } from '../../telegram/reply.ts';
import { readStatus, type StatusDeps } from './read-status.ts';
import { statusText } from './status-text.ts';

/** `/status`: last self-tests, services, queues; what cannot be read now is named instead. */
export function statusFeature(deps: StatusDeps & { timeZone: string }): Composer<Context> {
  const feature = new Composer();
  feature.command('status', async (ctx) => replyText(ctx, statusText(await readStatus(deps), deps.timeZone)));
  return feature;
}
