import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createJobRecorder } from '@actp/db/audit/record-job-run';
import { createSigner } from '@actp/db/audit/signature';
import { createDb, dbShape } from '@actp/db/client';
import type { ConfigOf } from '@actp/shared/config';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { RunningApp } from '@actp/shared/lifecycle';
import type { Logger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { settings } from '@actp/shared/settings';
import { checkpointTimings, createCheckpoints, type CheckpointTimings } from './checkpoints.ts';
import { resumeDelayedBatches, retryFailedBatches } from './failed-batches.ts';
import { createRetireDays } from './retire-days.ts';
import { createWeeklySummary } from './weekly-summary.ts';
import { createWriteBatch } from './write-batch.ts';

/** What the auditor reads from its environment. */
export const auditorShape = {
  ACTP_DATA_DIR: settings.ACTP_DATA_DIR,
  AUDIT_SIGNING_KEY: settings.AUDIT_SIGNING_KEY,
  AUDIT_RETENTION_DAYS: settings.AUDIT_RETENTION_DAYS,
  SCHEDULE_TZ: settings.SCHEDULE_TZ,
  ...redisShape,
  ...dbShape,
};

export interface AuditorTimings extends CheckpointTimings {
  /** How often batches that failed are put back to work. */
  retryEveryMs: number;
  lockMs?: number;
}

const defaultTimings: AuditorTimings = { ...checkpointTimings, retryEveryMs: 30_000 };
// A batch of 500 large events takes the database longer than a caller would wait.
const dbTimeoutMs = 15_000;
// They are written together, and end together: each alone would cost Redis as many writes to its disk as taking one in does,
// and keep callers waiting.
const concurrency = 16;

/** Consumes the queue `audit`: writes events, signs checkpoints, sends the weekly summary, drops what is too old. */
export function startAuditor(
  env: ConfigOf<typeof auditorShape>,
  log: Logger,
  timings: AuditorTimings = defaultTimings,
): Promise<RunningApp> {
  const db = createDb(env, 'auditor', dbTimeoutMs);
  const producer = createProducer({ redis: env, log });
  const checkpoints = createCheckpoints({
    db,
    producer,
    log,
    signer: createSigner(env.AUDIT_SIGNING_KEY),
    file: checkpointFile(env.ACTP_DATA_DIR),
    timings,
  });
  const worker = createWorker({
    queue: 'audit',
    redis: env,
    log,
    concurrency,
    record: createJobRecorder({ db, log, app: 'auditor' }),
    handlers: {
      'write-audit-events': createWriteBatch({ db, log, concurrency }),
      'weekly-audit-summary': createWeeklySummary({ db, producer, log, tz: env.SCHEDULE_TZ }),
      'retire-audit-days': createRetireDays({ db, log, checkpoints, days: env.AUDIT_RETENTION_DAYS }),
    },
    ...(timings.lockMs === undefined ? {} : { lockMs: timings.lockMs }),
  });
  const stopCheckpoints = repeat(log, timings.checkEveryMs, () => checkpoints.takeWhenDue());
  const stopRetries = repeat(log, timings.retryEveryMs, async () => {
    await retryFailedBatches({ producer, log });
    await resumeDelayedBatches({ producer, log });
  });

  return Promise.resolve({
    async stop() {
      await Promise.all([worker.close(), stopCheckpoints(), stopRetries()]);
      await producer.close();
    },
  });
}
