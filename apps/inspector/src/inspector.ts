import { resolve } from 'node:path';
import { createJobRecorder } from '@actp/db/audit/record-job-run';
import { createDb, dbShape } from '@actp/db/client';
import { acceptedFindingsFile, readAcceptedFindings } from '@actp/review/projects/accepted-findings';
import { toolEnvironment } from '@actp/review/audit/tool-environment';
import { applyAccepted } from '@actp/services/findings/apply-accepted';
import type { ConfigOf } from '@actp/shared/config';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { RunningApp } from '@actp/shared/lifecycle';
import type { Logger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { settings } from '@actp/shared/settings';
import { createDependencyReview } from './dependency-review.ts';

/** What the inspector reads from its environment. */
export const inspectorShape = {
  ACTP_DATA_DIR: settings.ACTP_DATA_DIR,
  PROJECTS_CONFIG: settings.PROJECTS_CONFIG,
  OSV_DATA: settings.OSV_DATA,
  SELFTEST_CONFIG: settings.SELFTEST_CONFIG,
  ...redisShape,
  ...dbShape,
};

export interface Surroundings {
  /** The repository root, absolute; relative paths count from here. */
  rootDir: string;
  /** The inspector's whole environment, of which the tools that it runs get a small part. */
  env: Readonly<Record<string, string | undefined>>;
  /** The process that has started the plane. */
  rootPid: number;
  /** How often it is looked whether an acceptance has ended. */
  acceptedEveryMs?: number;
}

// A call merges a few thousand findings.
const dbTimeoutMs = 15_000;
const acceptedEveryMs = 60_000;

/** Consumes the queue `inspect`: reviews the watched projects; and has acceptances of findings begin and end in time. */
export function startInspector(
  env: ConfigOf<typeof inspectorShape>,
  log: Logger,
  surroundings: Surroundings,
): Promise<RunningApp> {
  const { rootDir } = surroundings;
  const db = createDb(env, 'inspector', dbTimeoutMs);
  const producer = createProducer({ redis: env, log });
  const worker = createWorker({
    queue: 'inspect',
    redis: env,
    log,
    record: createJobRecorder({ db, log, app: 'inspector' }),
    handlers: {
      'dependency-review': createDependencyReview({
        db,
        producer,
        rootDir,
        rootPid: surroundings.rootPid,
        projectsConfig: env.PROJECTS_CONFIG,
        selftestConfig: resolve(rootDir, env.SELFTEST_CONFIG),
        osvData: env.OSV_DATA,
        cacheDir: resolve(rootDir, env.ACTP_DATA_DIR, 'review'),
        env: toolEnvironment(surroundings.env),
      }),
    },
  });
  const stopAccepting = repeat(log, surroundings.acceptedEveryMs ?? acceptedEveryMs, async () => {
    const accepted = await readAcceptedFindings(resolve(rootDir, acceptedFindingsFile));
    if (!accepted.ok)
      log.warn({ problem: accepted.problem }, 'accepted findings cannot be read: none is accepted');
    await applyAccepted({ db, producer, log }, accepted.ok ? accepted.value : []);
  });

  return Promise.resolve({
    async stop() {
      await Promise.all([worker.close(), stopAccepting()]);
      await producer.close();
    },
  });
}
