import { Composer, type Context } from 'grammy';
import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { findRun, newestFailedRun } from '@actp/services/heals/find-run';
import { UnavailableError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Access } from '../access.ts';
import { whereAlertsCome } from '../where-alerts-come.ts';
import { replyText } from '../../telegram/reply.ts';

export interface HealDeps {
  db: Db;
  producer: Producer;
  access: Access;
}

/**
 * `/heal`: hands the failing tests of the newest failed self-test to the coding agent; `/heal <run>` those of another. The
 * job's id comes from the update's, so that an update that comes twice is one request. How it goes stands in the message
 * about that run.
 */
export function healFeature(deps: HealDeps): Composer<Context> {
  const feature = new Composer();
  feature.command('heal', async (ctx) => {
    await replyText(
      ctx,
      await heal(deps, ctx.match.trim(), {
        jobId: `telegram-${ctx.update.update_id}`,
        where: whereAlertsCome(deps.access, ctx.chat.id),
      }),
    );
  });
  return feature;
}

async function heal(
  { db, producer }: HealDeps,
  wanted: string,
  { jobId, where }: { jobId: string; where: string },
): Promise<string> {
  if (wanted !== '' && !z.uuid().safeParse(wanted).success) {
    return 'Not a run id. Send /heal, or /heal followed by the id in the message about the run.';
  }
  try {
    const run = wanted === '' ? await newestFailedRun(db) : await findRun(db, wanted.toLowerCase());
    if (run === undefined)
      return wanted === '' ? 'No self-test has failed.' : 'There is no self-test run with that id.';
    if (run.status === 'passed') return 'That self-test passed: there is nothing to heal.';
    const state = await producer.use('heal', (queue) => queue.getJobState(jobId));
    if (state !== 'unknown') return `This command has already requested healing (${state}).`;
    await producer.add('heal-run', { run_id: run.run_id, by: 'telegram' }, { jobId });
    return `Healing of run ${run.run_id} requested. The message about that run, ${where}, shows its progress and how it ends.`;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return `${error.part} is unavailable, so healing was probably not requested. Try again later.`;
  }
}
