import type { Db } from '@actp/db/client';
import type { Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import { AppError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { z } from 'zod';
import type { RequestContext } from '../approvals/service.ts';

const Taken = z.discriminatedUnion('result', [
  z.object({ result: z.literal('taken'), grant_id: z.uuid() }),
  z.object({ result: z.literal('over'), over: z.array(z.int()) }),
]);
const Recorded = z.object({ result: z.enum(['recorded', 'already_recorded', 'not_found']) });

interface GuardOutcome {
  status: 'succeeded' | 'failed';
  beforeEffect: boolean;
}

export interface Limits {
  /** Counts a request that may be allowed. Gives the grant, or what the limits that are reached make of the decision. */
  take(
    claims: readonly LimitClaim[],
    request: { agent: string; action: string },
  ): Promise<{ grantId: string } | { decision: Decision }>;
  /** What became of it. @throws AppError `not_found`, `conflict` */
  recordOutcome(grantId: string, outcome: GuardOutcome, context: RequestContext): Promise<void>;
  /** Counts it no more, because the answer will not be an allow after all. Never throws: then it stays counted. */
  giveBack(grantId: string, context: RequestContext): Promise<void>;
}

/** Cumulative limits, which the database counts: one call for a request that has any, none for others. */
export function createLimits({ db, log }: { db: Db; log: Logger }): Limits {
  const record = async (grantId: string, { status, beforeEffect }: GuardOutcome, context: RequestContext) =>
    Recorded.parse(
      await db.call((client) =>
        client.rpc('record_guard_outcome', {
          p_grant_id: grantId,
          p_outcome: status,
          p_before_effect: beforeEffect,
          p_context: { ...context },
        }),
      ),
    ).result;

  return {
    async take(claims, { agent, action }) {
      const answer = Taken.parse(
        await db.call((client) =>
          client.rpc('claim_limits', { p_agent: agent, p_action: action, p_claims: claimsOnTheWire(claims) }),
        ),
      );
      if (answer.result === 'taken') return { grantId: answer.grant_id };
      return { decision: reached(answer.over.flatMap((index) => claims[index] ?? [])) };
    },
    async recordOutcome(grantId, outcome, context) {
      const result = await record(grantId, outcome, context);
      if (result === 'not_found') throw new AppError('not_found', 'there is no such grant');
      if (result === 'already_recorded') {
        throw new AppError('conflict', 'another outcome was recorded before');
      }
    },
    async giveBack(grantId, context) {
      await record(grantId, { status: 'failed', beforeEffect: true }, context).catch((error: unknown) =>
        log.warn({ err: error, grant_id: grantId }, 'an allowance that was not given stays counted'),
      );
    },
  };
}

/** What the database needs of claims. */
export function claimsOnTheWire(claims: readonly LimitClaim[]) {
  return claims.map(({ counter, amount, max, seconds, over }) => ({ counter, amount, max, seconds, over }));
}

function reached(over: readonly LimitClaim[]): Decision {
  const strictest = over.find((claim) => claim.over === 'deny') ?? over[0];
  if (!strictest) throw new AppError('internal', 'the database answered without the limit');
  return {
    effect: strictest.over,
    rule: strictest.rule,
    reasons: over.map(({ detail }) => ({ code: 'limit_reached', detail })),
  };
}
