import { AppError } from '@actp/shared/errors';
import { z } from 'zod';
import type { Db } from '@actp/db/client';

const Reservation = z.object({
  state: z.enum(['reserved', 'committed', 'released']),
  amount_minor: z.int(),
  committed_minor: z.int().nullable(),
  /** UTC. */
  day: z.iso.date(),
  expires_at: z.string(),
});
type Reservation = z.output<typeof Reservation>;

const answer = <R extends string>(...results: [R, ...R[]]) =>
  z.object({ result: z.enum(results), reservation: Reservation.optional() });

const Reserved = answer('reserved', 'known', 'over_budget', 'mismatch');
const Committed = answer('committed', 'known', 'released', 'above_reservation', 'mismatch', 'not_found');
const Released = answer('released', 'known', 'committed', 'not_found');
const Spent = z.object({
  day: z.iso.date(),
  spent_minor: z.int(),
  reserved_minor: z.int(),
  by_agent: z.record(z.string(), z.int()),
});

const SpentDays = z.array(z.object({ day: z.iso.date(), spent_minor: z.int(), reserved_minor: z.int() }));

export interface SpendRequest {
  /** A UUID of the caller's: asking again with the same one is asking once. */
  id: string;
  userId: string;
  agent: string;
  taskId?: string;
  amountMinor: number;
  /** DAILY_BUDGET. */
  budgetMinor: number;
  /** After this long without commit or release it is released for its holder. */
  ttlSeconds: number;
}

/** Who calls, for the audit log. */
interface SpendContext {
  request_id?: string;
  ip?: string;
  user_agent?: string;
}

/**
 * A user's daily budget: reserve before spending, commit what was spent, or release. All amounts are whole minor units
 * (cents). Expected refusals are values; each call is one SQL function, which changes and audits in one transaction.
 *
 * @throws AppError `validation_failed` for an amount that is none: negative, not whole, NaN, infinite, above 2^53
 */
export function createSpend(db: Db) {
  return {
    /** `known`: it was reserved under this id before. `mismatch`: this id is of another reservation. */
    async reserve(request: SpendRequest, context: SpendContext = {}) {
      assertMinor('amount_minor', request.amountMinor);
      assertMinor('budget_minor', request.budgetMinor);
      return Reserved.parse(
        await db.call((client) =>
          client.rpc('reserve_spend', {
            p_request: {
              id: request.id,
              user_id: request.userId,
              agent: request.agent,
              task_id: request.taskId ?? null,
              amount_minor: request.amountMinor,
              budget_minor: request.budgetMinor,
              ttl_seconds: request.ttlSeconds,
            },
            p_context: { ...context },
          }),
        ),
      );
    },
    /** What was spent, at most what was reserved. `released`: too late, and nothing has changed. */
    async commit(id: string, amountMinor: number, context: SpendContext = {}) {
      assertMinor('amount_minor', amountMinor);
      return Committed.parse(
        await db.call((client) =>
          client.rpc('commit_spend', { p_id: id, p_amount_minor: amountMinor, p_context: { ...context } }),
        ),
      );
    },
    /** `committed`: too late, and nothing has changed. */
    async release(id: string, context: SpendContext = {}) {
      return Released.parse(
        await db.call((client) => client.rpc('release_spend', { p_id: id, p_context: { ...context } })),
      );
    },
    /** Today, in UTC by the database's clock. */
    async read(userId: string) {
      return Spent.parse(await db.call((client) => client.rpc('read_spend', { p_user_id: userId })));
    },
    /** The last days on which there was something, today included, newest first. */
    async readDays(userId: string, days: number) {
      return SpentDays.parse(
        await db.call((client) => client.rpc('read_spend_days', { p_user_id: userId, p_days: days })),
      );
    },
  };
}

/** Releases what nobody came back for, at most so many at a time; gives the ids. */
export function releaseStaleSpend(db: Db, limit: number): Promise<string[]> {
  return db.call((client) => client.rpc('release_stale_spend', { p_limit: limit }));
}

function assertMinor(field: string, value: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= 2 ** 53) return;
  throw new AppError('validation_failed', 'the amount cannot be used', {
    fields: [{ field, message: 'must be a whole number of minor units from 0 to 2^53' }],
  });
}
