import type { Db } from '@actp/db/client';
import { AppError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { z } from 'zod';
import { auditContext, type RequestContext } from '../request-context.ts';

const Recorded = z.object({ result: z.enum(['recorded', 'already_recorded', 'not_found']) });

export interface GuardOutcome {
  status: 'succeeded' | 'failed';
  beforeEffect: boolean;
}

async function record(db: Db, grantId: string, outcome: GuardOutcome, context: RequestContext) {
  const returned = await db.call((client) =>
    client.rpc('record_guard_outcome', {
      p_grant_id: grantId,
      p_outcome: outcome.status,
      p_before_effect: outcome.beforeEffect,
      p_context: auditContext(context),
    }),
  );
  return Recorded.parse(returned).result;
}

/** Records what became of a request that was allowed and counted. @throws AppError `not_found`, `conflict` */
export async function recordGuardOutcome(
  db: Db,
  grantId: string,
  outcome: GuardOutcome,
  context: RequestContext,
): Promise<void> {
  const result = await record(db, grantId, outcome, context);
  if (result === 'not_found') throw new AppError('not_found', 'no such grant');
  if (result === 'already_recorded') throw new AppError('conflict', 'another outcome is already recorded');
}

/** Counts a grant no more, because the request is not allowed after all. Never throws: then it stays counted. */
export async function refundLimits(
  { db, log }: { db: Db; log: Logger },
  grantId: string,
  context: RequestContext,
): Promise<void> {
  try {
    await record(db, grantId, { status: 'failed', beforeEffect: true }, context);
    await db.call((client) => client.rpc('release_work', { p_grant_id: grantId }));
  } catch (error) {
    log.warn({ err: error, grant_id: grantId }, 'limit refund failed');
  }
}
