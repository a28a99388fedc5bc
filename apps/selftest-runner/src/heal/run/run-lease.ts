import type { Db } from '@actp/db/client';
import { takeLease, type TakenLease } from '@actp/services/leases/take';

export type HealLease = TakenLease;

const seconds = 40;

/**
 * One worker at a time has a hand on the healing of a run. Ends by itself, on the database's clock, when the worker is gone.
 *
 * @returns null when another one has it
 */
export async function takeHealLease(db: Db, runId: string): Promise<HealLease | null> {
  return takeLease(db, `heal:${runId}`, seconds);
}
