import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { relative, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { z } from 'zod';
import { createJobRecorder } from '@actp/db/audit/record-job-run';
import { createDb, dbShape } from '@actp/db/client';
import type { ConfigOf } from '@actp/shared/config';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { RunningApp } from '@actp/shared/lifecycle';
import type { Logger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { settings } from '@actp/shared/settings';
import { healShape, startHealing, type HealingParts } from './heal/start-healing.ts';
import { createBuiltinChecks } from './run/builtin-checks.ts';
import type { Environment } from '@actp/suites/command/command-environment';
import { configuredFolders } from '@actp/suites/config/configured-folders';
import { readSelftestConfig } from '@actp/suites/config/read-selftest-config';
import { describeIsolation } from '@actp/suites/sandbox/isolation';
import { createSandboxes } from '@actp/suites/sandbox/sandboxes';
import { createRunSelfTest } from './run/run-self-test.ts';
import { createSelfTestDeps } from './run/self-test-deps.ts';
import { triggerStartupRun } from './run/startup-trigger.ts';

/** What the runner reads from its environment. */
export const selftestRunnerShape = {
  GATEWAY_HOST: settings.GATEWAY_HOST,
  GATEWAY_PORT: settings.GATEWAY_PORT,
  ACTP_GATEWAY_URL: settings.ACTP_GATEWAY_URL,
  SELFTEST_CONFIG: settings.SELFTEST_CONFIG,
  ACTP_DATA_DIR: settings.ACTP_DATA_DIR,
  // Set by the supervisor, anew at each of its starts; a runner that was started by hand is a start of its own.
  ACTP_START_ID: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
    .optional(),
  ...healShape,
  ...redisShape,
  ...dbShape,
};

export interface Surroundings {
  /** The repository root, absolute; relative paths in settings and configuration count from here. */
  rootDir: string;
  /** The runner's whole environment, of which suites get a small part. */
  env: Environment;
  /** For tests. */
  healTimings?: HealingParts['timings'];
}

/** Consumes the queues `selftest` and `heal`, and asks for the run that belongs to the start of the plane. */
export function startSelftestRunner(
  env: ConfigOf<typeof selftestRunnerShape>,
  log: Logger,
  { rootDir, env: ownEnvironment, healTimings }: Surroundings,
): Promise<RunningApp> {
  const db = createDb(env, 'runner');
  const producer = createProducer({ redis: env, log });
  const gateway = { host: env.GATEWAY_HOST, port: env.GATEWAY_PORT, url: env.ACTP_GATEWAY_URL };
  const configPath = resolve(rootDir, env.SELFTEST_CONFIG);
  let folders: string[] = [];
  const sandboxes = createSandboxes({
    rootDir,
    dataDir: resolve(rootDir, env.ACTP_DATA_DIR),
    configFiles: [configPath, resolve(rootDir, env.POLICY_FILE)],
    env: ownEnvironment,
    async configuredFolders() {
      const outcome = await readSelftestConfig(configPath);
      // A run that has begun goes on while somebody edits the file.
      if (outcome.ok) folders = configuredFolders(outcome.config, rootDir);
      return folders;
    },
  });
  const selfTest = createSelfTestDeps({
    rootDir,
    env: ownEnvironment,
    sandboxes,
    configPath,
    configName: relative(rootDir, configPath),
    runDirs: resolve(rootDir, env.ACTP_DATA_DIR, 'selftest'),
    builtins: createBuiltinChecks({ db, producer, gateway }),
    now: () => performance.now(),
  });
  const holder = `${hostname()}/${process.pid}`;
  const worker = createWorker({
    queue: 'selftest',
    redis: env,
    log,
    handlers: { 'run-self-test': createRunSelfTest({ db, producer, log, holder, selfTest }) },
    record: createJobRecorder({ db, log, app: 'selftest-runner' }),
  });
  const healing = startHealing({
    env,
    db,
    producer,
    log,
    rootDir,
    dataDir: resolve(rootDir, env.ACTP_DATA_DIR),
    ownEnvironment,
    runTests: selfTest.runTests,
    readConfig: selfTest.readConfig,
    ...(healTimings === undefined ? {} : { timings: healTimings }),
  });
  const told = sandboxes.isolation().then(
    (isolation) => log[isolation === null ? 'warn' : 'info'](`suites run ${describeIsolation(isolation)}`),
    (error: unknown) => log.warn({ err: error }, 'it is not known whether suites can run in a sandbox'),
  );
  const stopping = new AbortController();
  const triggered = triggerStartupRun(producer, env.ACTP_START_ID ?? randomUUID(), stopping.signal);
  triggered.catch((error: unknown) => log.error({ err: error }, 'could not enqueue the startup run'));

  return Promise.resolve({
    async stop() {
      stopping.abort();
      await Promise.allSettled([worker.close(), healing.stop(), triggered, told]);
      await producer.close();
    },
  });
}
