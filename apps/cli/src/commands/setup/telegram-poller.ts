import { z } from 'zod';
import type { TelegramCall } from '@actp/services/doctor/telegram-api';
import type { TelegramSetup } from './telegram-setup.ts';

const Webhook = z.object({ url: z.string() });

/** Whether /start can be waited for: neither a webhook nor the running plane gets what is written to the bot. Asks what to do about it. */
export async function isFreeToPoll(
  { talk, planePolls }: Pick<TelegramSetup, 'talk' | 'planePolls'>,
  call: TelegramCall,
  token: string,
): Promise<boolean> {
  const hook = await call('getWebhookInfo');
  const url = hook.is === 'done' ? Webhook.safeParse(hook.result).data?.url : undefined;
  if (url !== undefined && url !== '') {
    talk.say(
      '  Another program gets what is written to this bot, through a webhook; the plane would get nothing.',
    );
    if (!(await talk.confirm('Remove that webhook?', false))) return false;
    await call('deleteWebhook');
  }
  while (planePolls(token)) {
    talk.say(
      '  The plane that runs here fetches what is written to this bot, so that it cannot be seen here.',
    );
    talk.say('  Stop the plane (Ctrl-C there), and say y; or say n to type the ids.');
    if (!(await talk.confirm('Is it stopped?', false))) return false;
  }
  return true;
}
