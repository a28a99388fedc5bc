import { deleteRetiredEventIds, listOldDays, makePartitions, retireDay } from '@actp/services/audit/retire';
import { runTick } from '@actp/services/schedules/run-tick';
import { DbError, type Db } from '@actp/db/client';
import type { Payload, Result } from '@actp/shared/jobs/catalogue';
import { JobDeferred, type JobContext } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import type { Checkpoints } from './checkpoints.ts';

// Enough for an auditor that is away for a month.
const daysAhead = 30;
// Postgres: lock_not_available. A writer held what was wanted; it goes first.
const lockNotAvailable = '55P03';
const againMs = 1_000;
const attempts = 5;

export interface RetireDaysDeps {
  db: Db;
  log: Logger;
  checkpoints: Pick<Checkpoints, 'retire'>;
  /** Whether the database is the one that it should be: until then nothing is signed, and so nothing dropped. */
  maySign: () => boolean;
  /** How many days are kept. */
  days: number;
}

/** `retire-audit-days`: makes the partitions of the coming month, drops the days that are too old, whole and signed. */
export function createRetireDays({ db, log, checkpoints, maySign, days }: RetireDaysDeps) {
  // The checkpoint that is signed every so often may take the number first. Where more than that is wrong, the alarm has been raised.
  async function drop(day: string): Promise<boolean> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (await checkpoints.retire(day, (...signed) => retireDay(db, day, ...signed))) return true;
    }
    return false;
  }

  async function run(): Promise<Result<'retire-audit-days'>> {
    const made = await makePartitions(db, daysAhead);
    let dropped = 0;
    for (const day of maySign() ? await listOldDays(db, days) : []) {
      if (!(await drop(day))) continue;
      dropped += 1;
      log.info({ day }, 'audit log day dropped');
    }
    return { made, dropped, forgotten: await deleteRetiredEventIds(db) };
  }

  return (
    _payload: Payload<'retire-audit-days'>,
    { job, log: jobLog }: Pick<JobContext<'retire-audit-days'>, 'job' | 'log'>,
  ): Promise<Result<'retire-audit-days'>> =>
    runTick({ db, log: jobLog }, job, async () => {
      try {
        return await run();
      } catch (error) {
        if (error instanceof DbError && error.sqlState === lockNotAvailable) throw new JobDeferred(againMs);
        throw error;
      }
    });
}
