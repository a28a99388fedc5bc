import type { Db } from '@actp/db/client';
import { beginRun as beginStoredRun, extendRun } from '@actp/services/self-test/run';
import type { SelfTestTrigger } from '@actp/shared/jobs/catalogue';
import { UnavailableError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { retryWhileUnavailable } from './retry-while-unavailable.ts';

export interface RunLease {
  runId: string;
  /** Aborted when the run was given up as dead by others: it must not go on. */
  lost: AbortSignal;
  /** The run has come to this step: shown as the place of death, should we die. */
  enter(step: string): void;
  /** Ends the signs of life; the run itself ends with its snapshot. */
  end(): void;
}

export interface LeaseDeps {
  db: Db;
  log: Logger;
  /** Who we are, for people who look at the table. */
  holder: string;
}

// Long enough for a restart of Postgres, short enough that a run whose runner died is taken up again within a minute.
const leaseSeconds = 40;
const beatMs = 5_000;
// A begin is not given up at once when the database is away, so that the same run id meets an answer that was lost.
const beginWithinMs = 30_000;

/**
 * Begins a run, if no other is under way, and shows signs of life until it ends.
 *
 * @returns null when another run is under way
 * @throws UnavailableError when the database stays away
 */
export async function beginRun(
  { db, log, holder }: LeaseDeps,
  run: { runId: string; trigger: SelfTestTrigger; jobId: string; signal: AbortSignal },
): Promise<RunLease | null> {
  const begin = () => beginStoredRun(db, { ...run, holder, leaseSeconds });
  const extend = (step: string) => extendRun(db, { runId: run.runId, step, leaseSeconds });

  let asked = false;
  const begun = await retryWhileUnavailable(
    async () => {
      // An earlier attempt may have been carried out though its answer was lost: then the run is there, and ours.
      if (asked && (await extend('spin_up'))) return true;
      asked = true;
      return begin();
    },
    { signal: run.signal, withinMs: beginWithinMs },
  );
  if (!begun) return null;

  const lost = new AbortController();
  let at = 'spin_up';
  let beating = Promise.resolve();
  const beatOnce = async () => {
    try {
      if (!(await extend(at))) lost.abort();
    } catch (error) {
      // The next beat tries again; whether it was too late is for the database to say.
      if (!(error instanceof UnavailableError)) log.warn({ err: error }, 'heartbeat failed');
    }
  };
  // One after the other, so that the step that came last stands there last.
  const beat = () => {
    beating = beating.then(beatOnce);
  };
  const timer = setInterval(beat, beatMs);
  return {
    runId: run.runId,
    lost: lost.signal,
    enter(step) {
      if (step === at) return;
      at = step;
      beat();
    },
    end: () => clearInterval(timer),
  };
}
