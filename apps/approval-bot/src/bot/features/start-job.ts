import { Composer, type Context } from 'grammy';
import { UnavailableError } from '@actp/shared/errors';
import { specOf, type JobName, type Payload } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Access } from '../access.ts';
import { whereAlertsCome } from '../where-alerts-come.ts';
import { replyText } from '../../telegram/reply.ts';

interface JobCommand<N extends JobName> {
  command: string;
  job: N;
  payload: Payload<N>;
  /** What is started, within a sentence. */
  what: string;
  /** The reply, by where alerts come. */
  started(where: string): string;
}

export interface StartJobDeps {
  producer: Producer;
  access: Access;
}

/**
 * A command that starts a job. The job's id comes from the update's, so that an update that comes twice is one job. What came of it
 * comes as a message of its own, in the chat for alerts.
 */
export function startJobFeature<N extends JobName>(
  { producer, access }: StartJobDeps,
  { command, job, payload, what, started }: JobCommand<N>,
): Composer<Context> {
  async function start(jobId: string, where: string): Promise<string> {
    try {
      const known = await producer.use(specOf(job).queue, (queue) => queue.getJobState(jobId));
      if (known !== 'unknown') return `This command has already started a ${what} (${known}).`;
      await producer.add(job, payload, { jobId });
      return started(where);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return `Redis is unavailable, so the ${what} was probably not started. Try again later.`;
    }
  }
  const feature = new Composer();
  feature.command(command, async (ctx) => {
    const where = whereAlertsCome(access, ctx.chat.id);
    await replyText(ctx, await start(`telegram-${ctx.update.update_id}`, where));
  });
  return feature;
}
