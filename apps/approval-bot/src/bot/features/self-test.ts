import { Composer, type Context } from 'grammy';
import { UnavailableError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Access } from '../access.ts';
import { whereAlertsCome } from '../where-alerts-come.ts';
import { replyText } from '../../telegram/reply.ts';

/**
 * `/selftest`: starts a run. The job's id comes from the update's, so that an update that comes twice is one run.
 * Its result comes as a message of its own, in the chat for alerts.
 */
export function selfTestFeature({
  producer,
  access,
}: {
  producer: Producer;
  access: Access;
}): Composer<Context> {
  const feature = new Composer();
  feature.command('selftest', async (ctx) => {
    const where = whereAlertsCome(access, ctx.chat.id);
    await replyText(ctx, await start(producer, `telegram-${ctx.update.update_id}`, where));
  });
  return feature;
}

async function start(producer: Producer, jobId: string, where: string): Promise<string> {
  try {
    const known = await producer.use('selftest', (queue) => queue.getJobState(jobId));
    if (known !== 'unknown') return `This command has already started a self-test (${known}).`;
    await producer.add('run-self-test', { trigger: 'telegram' }, { jobId });
    return `Self-test started. The result comes ${where}. /status shows how far it is.`;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return 'Redis is unavailable, so the self-test was probably not started. Try again later.';
  }
}
