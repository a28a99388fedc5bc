import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { summarizeAudit } from '@actp/services/audit/summarize';
import { runTick, tickOf } from '@actp/services/schedules/run-tick';
import type { Payload, Result } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';
import type { JobContext } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import { notify } from '@actp/services/notifications/notify';
import { summaryText } from './summary-text.ts';
import { verifyAuditLog } from '@actp/db/audit/verify-log';

const week = 7 * 24 * 3_600_000;

export interface WeeklySummaryDeps {
  db: Db;
  producer: Producer;
  log: Logger;
  tz: string;
}

/** `weekly-audit-summary`: what happened in the last seven days, and whether the record of it is whole, to the operators. */
export function createWeeklySummary({ db, producer, tz }: WeeklySummaryDeps) {
  return (
    _payload: Payload<'weekly-audit-summary'>,
    { job, log }: Pick<JobContext<'weekly-audit-summary'>, 'job' | 'log'>,
  ): Promise<Result<'weekly-audit-summary'>> =>
    runTick({ db, log }, job, async () => {
      const tick = tickOf(job);
      // When it was due, not when it runs: one that is late, or tried again, sums up the same week and is the same message.
      const until = tick?.dueAt ?? new Date(job.timestamp + (job.opts.delay ?? 0));
      const since = new Date(until.getTime() - week);
      const [summary, verification] = await Promise.all([
        summarizeAudit(db, since.toISOString(), until.toISOString()),
        verifyAuditLog({ db }),
      ]);
      const body = summaryText(summary, verification, tz);
      const key = `audit-summary:${tick ? until.toISOString() : (job.id ?? until.toISOString())}`;
      const id = await notify({ db, producer, log }, { key, kind: 'audit.summary', body });
      return { notification_id: z.uuid().parse(id) };
    });
}
