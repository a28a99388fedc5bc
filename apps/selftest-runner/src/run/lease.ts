import { randomUUID } from 'node:crypto';
import type { Db } from '@actp/db/client';

export interface Lease {
  holder: string;
  /** Aborted when it is another's, or nobody knows: what we do must end. */
  lost: AbortSignal;
  /** Whether it is ours still: to be asked before the checkout is changed. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Takes something that one worker at a time may have. Extended until it is released; ends by itself, on the database's
 * clock, when the worker is gone.
 *
 * @returns null when another one has it
 * @throws UnavailableError when the database is away
 */
export async function takeLease(db: Db, name: string, seconds: number): Promise<Lease | null> {
  const holder = randomUUID();
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
  const timer = setInterval(() => void extend(), (seconds * 1_000) / 5);
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

// A self-test that finds it with a killed worker waits this long at most.
const suitesSeconds = 20;

/**
 * The right to begin running suites: a heal has it while its tests run, a self-test while it begins. In one checkout, two
 * runs of the same tests would disturb each other.
 */
export const takeSuites = (db: Db): Promise<Lease | null> => takeLease(db, 'suites', suitesSeconds);
