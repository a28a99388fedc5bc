import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createJobRecorder } from '@actp/db/audit/record-job-run';
import { createSigner } from '@actp/db/audit/signature';
import { createDb, dbShape } from '@actp/db/client';
import { anchorFile } from '@actp/services/anchor/anchor-file';
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
import { createAnchorCopies } from './anchor/anchor-copies.ts';
import { createAnchorKeeper } from './anchor/keep-anchor.ts';
import { createSigningKeys } from './anchor/signing-keys.ts';
import { createRetireDays } from './retire-days.ts';
import { createWeeklySummary } from './weekly-summary.ts';
import { createWriteBatch } from './write-batch.ts';

/** What the auditor reads from its environment. */
export const auditorShape = {
  ACTP_DATA_DIR: settings.ACTP_DATA_DIR,
  ACTP_ANCHOR_FILE: settings.ACTP_ANCHOR_FILE,
  AUDIT_SIGNING_KEY: settings.AUDIT_SIGNING_KEY,
  AUDIT_SIGNING_KEY_PREVIOUS: settings.AUDIT_SIGNING_KEY_PREVIOUS,
  AUDIT_RETENTION_DAYS: settings.AUDIT_RETENTION_DAYS,
  SCHEDULE_TZ: settings.SCHEDULE_TZ,
  ...redisShape,
  ...dbShape,
};

export interface AuditorTimings extends CheckpointTimings {
  /** How often batches that failed are put back to work. */
  retryEveryMs: number;
  /** How often it is looked whether the anchor is to be written. */
  anchorEveryMs?: number;
  lockMs?: number;
}

const defaultTimings: AuditorTimings = { ...checkpointTimings, retryEveryMs: 30_000 };
// A batch of 500 large events takes the database longer than a caller would wait.
const dbTimeoutMs = 15_000;
// They are written together, and end together: each alone would cost Redis as many writes to its disk as taking one in does,
// and keep callers waiting.
const concurrency = 16;

// What the plane has done since is what an older copy of the database can be put back without.
const defaultAnchorEveryMs = 250;
// Held, or without its database: nothing is urgent.
const anchorAgainMs = 1_000;

/** An auditor's settings, with the place of the anchor worked out. */
export type AuditorEnv = Omit<
  ConfigOf<typeof auditorShape>,
  'ACTP_ANCHOR_FILE' | 'AUDIT_SIGNING_KEY_PREVIOUS'
> & {
  ACTP_ANCHOR_FILE: string;
  AUDIT_SIGNING_KEY_PREVIOUS?: string | undefined;
};

/** Consumes the queue `audit`: writes events, signs checkpoints, sends the weekly summary, drops what is too old; keeps the anchor. */
export function startAuditor(
  env: AuditorEnv,
  log: Logger,
  timings: AuditorTimings = defaultTimings,
): Promise<RunningApp> {
  const db = createDb(env, 'auditor', dbTimeoutMs);
  const producer = createProducer({ redis: env, log });
  const signer = createSigner(env.AUDIT_SIGNING_KEY);
  const previous =
    env.AUDIT_SIGNING_KEY_PREVIOUS === undefined ? undefined : createSigner(env.AUDIT_SIGNING_KEY_PREVIOUS);
  const file = checkpointFile(env.ACTP_DATA_DIR);
  const checkpoints = createCheckpoints({ db, producer, log, signer, previous, file, timings });
  const anchorAt = anchorFile(env.ACTP_ANCHOR_FILE);
  const copies = createAnchorCopies(env, env.ACTP_DATA_DIR);
  const anchor = createAnchorKeeper({
    db,
    log,
    signer,
    keys: createSigningKeys({ db, log, signer, previous, file, checkpoints }),
    file: anchorAt,
    copies,
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
      'retire-audit-days': createRetireDays({
        db,
        log,
        checkpoints,
        maySign: () => anchor.isConfirmed(),
        days: env.AUDIT_RETENTION_DAYS,
      }),
    },
    ...(timings.lockMs === undefined ? {} : { lockMs: timings.lockMs }),
  });
  void anchorAt.removeLeftovers();
  // First: until the database is the one that it should be, nothing is signed.
  const stopAnchor = repeat(
    log,
    () => (anchor.isConfirmed() ? (timings.anchorEveryMs ?? defaultAnchorEveryMs) : anchorAgainMs),
    () => anchor.look(),
  );
  const stopCheckpoints = repeat(log, timings.checkEveryMs, async () => {
    if (anchor.isConfirmed()) await checkpoints.takeWhenDue();
  });
  const stopRetries = repeat(log, timings.retryEveryMs, async () => {
    await retryFailedBatches({ producer, log });
    await resumeDelayedBatches({ producer, log });
  });

  return Promise.resolve({
    async stop() {
      await Promise.all([worker.close(), stopCheckpoints(), stopRetries(), stopAnchor()]);
      // The last word, as late as it can be said.
      await anchor
        .look()
        .catch((error: unknown) => log.warn({ err: error }, 'anchor not written at the stop'));
      await Promise.all([producer.close(), copies.close()]);
    },
  });
}
