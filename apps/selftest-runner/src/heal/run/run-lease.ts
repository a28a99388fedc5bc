import { randomUUID } from 'node:crypto';
import type { Db } from '@actp/db/client';

export interface HealLease {
  holder: string;
  /** Aborted when it is another's, or nobody knows: what we do must end. */
  lost: AbortSignal;
  /** Whether it is ours still: to be asked before the checkout is changed. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

const seconds = 40;
const beatMs = 8_000;

/**
 * One worker at a time has a hand on the healing of a run. Ends by itself, on the database's clock, when the worker is gone.
 *
 * @returns null when another one has it
 */
export async function takeHealLease(db: Db, runId: string): Promise<HealLease | null> {
  const holder = randomUUID();
  const name = `heal:${runId}`;
  const acquire = () =>
    db.call((client) => client.rpc('acquire_lease', { p_name: name, p_holder: holder, p_seconds: seconds }));
  if (!(await acquire())) return null;

  const lost = new AbortController();
  let until = performance.now() + seconds * 1_000;
  const extend = async () => {
    const asked = performance.now();
    try {
      if (await acquire()) until = asked + seconds * 1_000;
      else lost.abort();
    } catch {
      // The database is away: ours until its time is over, and not a moment longer.
      if (performance.now() > until) lost.abort();
    }
  };
  const timer = setInterval(() => void extend(), beatMs);
  return {
    holder,
    lost: lost.signal,
    async held() {
      await extend();
      return !lost.signal.aborted && performance.now() < until;
    },
    async release() {
      clearInterval(timer);
      await db
        .call((client) => client.rpc('release_lease', { p_name: name, p_holder: holder }))
        .catch(() => undefined);
    },
  };
}
