import { Composer, type Context } from 'grammy';
import { UnavailableError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Access } from '../access.ts';
import { whereAlertsCome } from '../where-alerts-come.ts';
import { replyText } from '../../telegram/reply.ts';

/**
 * `/review`: starts a supply-chain review. The job's id comes from the update's, so that an update that comes twice is one review. What came of
 * it comes as a message of its own, in the chat for alerts.
 */
export function reviewFeature({
  producer,
  access,
}: {
  producer: Producer;
  access: Access;
}): Composer<Context> {
  const feature = new Composer();
  feature.command('review', async (ctx) => {
    const where = whereAlertsCome(access, ctx.chat.id);
    await replyText(ctx, await start(producer, `telegram-${ctx.update.update_id}`, where));
  });
  return feature;
}

async function start(producer: Producer, jobId: string, where: string): Promise<string> {
  try {
    const known = await producer.use('inspect', (queue) => queue.getJobState(jobId));
    if (known !== 'unknown') return `This command has already started a review (${known}).`;
    await producer.add('dependency-review', { trigger: 'telegram' }, { jobId });
    return `Supply-chain review started. What came of it comes ${where}.`;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return 'Redis is unavailable, so the review was probably not started. Try again later.';
  }
}
