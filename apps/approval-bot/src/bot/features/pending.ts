import { Composer, type Context } from 'grammy';
import { UnavailableError } from '@actp/shared/errors';
import { shortId } from '@actp/services/approvals/card/card-facts';
import { between } from '@actp/services/approvals/card/when';
import type { Db } from '@actp/db/client';
import { listWaitingApprovals, type WaitingApprovals } from '@actp/services/approvals/list-waiting';
import { replyText } from '../../telegram/reply.ts';

// As many as a person reads, well within one message.
const shownAtMost = 20;

/** `/pending`: what waits for a decision, the most urgent first. */
export function pendingFeature({ db }: { db: Db }): Composer<Context> {
  const feature = new Composer();
  feature.command('pending', async (ctx) => replyText(ctx, await read(db)));
  return feature;
}

async function read(db: Db): Promise<string> {
  try {
    return pendingText(await listWaitingApprovals(db, shownAtMost));
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return 'The database is unavailable, so pending approvals cannot be listed. Try again later.';
  }
}

function pendingText({ now, waiting, approvals }: WaitingApprovals): string {
  if (waiting === 0) return 'No approvals are pending.';
  const line = ({ id, action, expires_at, ...asked }: (typeof approvals)[number]) =>
    `${shortId(id)}  ${action}, requested by ${askerOf(asked)}: ${between(now, expires_at)} left`;
  const more = waiting - approvals.length;
  return [
    waiting === 1 ? '1 pending approval:' : `${waiting} pending approvals, most urgent first:`,
    ...approvals.map(line),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}

/** Who asks: the agent that really asked first. */
export function askerOf({ agent_id, requested_by }: { agent_id: string; requested_by: string }): string {
  const named = oneLine(requested_by);
  return agent_id === requested_by ? named : `${oneLine(agent_id)} on behalf of ${named}`;
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
