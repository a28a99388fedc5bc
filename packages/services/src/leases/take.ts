import { randomUUID } from 'node:crypto';
import type { Db } from '@actp/db/client';
import { createLease } from './lease.ts';

/** A lease that is extended until it is released. */
export interface TakenLease {
  holder: string;
  /** Aborted when it is another's, or nobody knows: what we do must end. */
  lost: AbortSignal;
  /** Whether it is ours still: to be asked before something is changed that only its holder may change. */
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
export async function takeLease(db: Db, name: string, seconds: number): Promise<TakenLease | null> {
  const holder = randomUUID();
  const lease = createLease({ db, name, holder, seconds });
  if (!(await lease.acquire())) return null;

  const lost = new AbortController();
  const extend = async () => {
    try {
      if (!(await lease.acquire())) lost.abort();
    } catch {
      // The database is away: ours until its time is over, and not a moment longer.
      if (!lease.held()) lost.abort();
    }
  };
  const timer = setInterval(() => void extend(), (seconds * 1_000) / 5);
  return {
    holder,
    lost: lost.signal,
    async held() {
      await extend();
      return !lost.signal.aborted && lease.held();
    },
    async release() {
      clearInterval(timer);
      await lease.release().catch(() => undefined);
    },
  };
}
