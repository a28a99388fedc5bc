import { Composer, type Context } from 'grammy';
import { UnavailableError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import { replyText } from '../../telegram/reply.ts';

/**
 * `/selftest`: starts a run. The job's id comes from the update's, so that an update that comes twice is one run.
 * Its result comes as a message of its own.
 */
export function selfTestFeature({ producer }: { producer: Producer }): Composer<Context> {
  const feature = new Composer();
  feature.command('selftest', async (ctx) => {
    await replyText(ctx, await start(producer, `telegram-${ctx.update.update_id}`));
  });
  return feature;
}

async function start(producer: Producer, jobId: string): Promise<string> {
  try {
    const known = await producer.use('selftest', (queue) => queue.getJobState(jobId));
    if (known !== 'unknown') return `This command has already started a self-test (${known}).`;
    await producer.add('run-self-test', { trigger: 'telegram' }, { jobId });
    return 'Self-test started. The result will be posted here.';
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return 'Redis is unavailable, so the self-test was probably not started. Try again later.';
  }
}
