import { mkdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { createJobRecorder } from '@actp/db/audit/record-job-run';
import type { Db } from '@actp/db/client';
import type { ConfigOf } from '@actp/shared/config';
import type { Producer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { settings } from '@actp/shared/settings';
import type { Environment } from '@actp/suites/command/command-environment';
import type { RunTests } from '@actp/suites/suite/rerun-failing';
import { createAcdClient } from './acd/acd-client.ts';
import { createGit } from './change/git.ts';
import { createAskToApply } from './run/ask-to-apply.ts';
import type { HealDeps, HealTimings } from './run/heal-deps.ts';
import { createHealRun } from './run/heal-run.ts';
import { dueHeals } from '@actp/services/heals/heal-store';

/** What healing reads from the environment. */
export const healShape = {
  ACD_URL: settings.ACD_URL,
  ACD_TIMEOUT_MINUTES: settings.ACD_TIMEOUT_MINUTES,
  ACD_POLL_SECONDS: settings.ACD_POLL_SECONDS,
  ACD_TOKEN: settings.ACD_TOKEN,
  APPROVAL_TTL_SECONDS: settings.APPROVAL_TTL_SECONDS,
  APPROVAL_GRANT_SECONDS: settings.APPROVAL_GRANT_SECONDS,
  POLICY_FILE: settings.POLICY_FILE,
  ...redisShape,
};

export interface HealingParts {
  env: ConfigOf<typeof healShape>;
  db: Db;
  producer: Producer;
  log: Logger;
  rootDir: string;
  dataDir: string;
  ownEnvironment: Environment;
  runTests: RunTests;
  readConfig: HealDeps['readConfig'];
  /** In the place of what the environment says; for tests. */
  timings?: Partial<HealTimings & { reconcileMs: number; overdueSeconds: number; lockMs: number }>;
}

// A status that shows no run of ours is believed after this: some seconds are usual.
const graceSeconds = 30;
const reconcileMs = 15_000;

/** Consumes the queue `heal`, and takes up again what a lost job has left. */
export function startHealing(parts: HealingParts): { stop(): Promise<void> } {
  const { env, db, producer, log, timings = {} } = parts;
  // As the checkout's paths are: without links.
  mkdirSync(parts.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(parts.dataDir);
  const deps: HealDeps = {
    db,
    producer,
    log,
    acd: createAcdClient({ url: env.ACD_URL, token: env.ACD_TOKEN }),
    git: createGit(parts.ownEnvironment),
    runTests: parts.runTests,
    readConfig: parts.readConfig,
    askToApply: createAskToApply({
      db,
      policyFile: resolve(parts.rootDir, env.POLICY_FILE),
      ttlSeconds: env.APPROVAL_TTL_SECONDS,
      grantSeconds: env.APPROVAL_GRANT_SECONDS,
    }),
    rootDir: parts.rootDir,
    dataDir,
    timings: {
      timeoutSeconds: env.ACD_TIMEOUT_MINUTES * 60,
      pollMs: env.ACD_POLL_SECONDS * 1_000,
      graceSeconds,
      ...timings,
    },
  };
  const worker = createWorker({
    queue: 'heal',
    redis: env,
    log,
    handlers: { 'heal-run': createHealRun(deps) },
    record: createJobRecorder({ db, log, app: 'selftest-runner' }),
    ...(timings.lockMs === undefined ? {} : { lockMs: timings.lockMs }),
  });
  const overdueSeconds = timings.overdueSeconds ?? 120 + 2 * env.ACD_POLL_SECONDS;
  const stopReconciling = repeat(log, timings.reconcileMs ?? reconcileMs, async () => {
    for (const { run_id, request, by } of await dueHeals(db, overdueSeconds)) {
      // One job for each time that it was found, however many runners look.
      const jobId = `heal-again-${run_id}-${Math.floor(Date.now() / 1_000 / overdueSeconds)}`;
      await producer.add('heal-run', { run_id, by, request }, { jobId });
    }
  });
  return {
    async stop() {
      await Promise.allSettled([stopReconciling(), worker.close()]);
    },
  };
}
