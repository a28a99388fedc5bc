import { randomUUID } from 'node:crypto';
import { createJobRecorder } from '@actp/db/audit/record-job-run';
import { createDb } from '@actp/db/client';
import { watchPolicy } from '@actp/policy/watch-policy';
import { createApprovalAnnouncer } from '@actp/services/approvals/announce';
import { createAuditBatcher } from '@actp/services/audit/batcher';
import { createChangePublisher, followChanges } from '@actp/services/changes/channel';
import { createDecisionLog } from '@actp/services/guard/decision-log';
import { releasableKillSwitches } from '@actp/services/kill-switch/active';
import { createKillSwitchCache, maxLatencyMs } from '@actp/services/kill-switch/cache';
import { createLimits } from '@actp/services/limits/limits';
import { createPolicyReporter } from '@actp/services/policy/report-change';
import { createTaskStore } from '@actp/services/tasks/task-store';
import { approvalChannel } from '@actp/shared/approvals/channel';
import { redactEvent } from '@actp/shared/audit/redact-event';
import type { ConfigOf } from '@actp/shared/config';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { RunningApp } from '@actp/shared/lifecycle';
import type { Logger } from '@actp/shared/log';
import { taskChannel } from '@actp/shared/tasks/channel';
import type { Agent } from './agents/agent.ts';
import type { EngineDeps } from './engine/engine-deps.ts';
import { createHolds } from './engine/holds.ts';
import { createTaskJobs } from './engine/task-jobs.ts';
import type { executorShape } from './settings.ts';
import { createSweep } from './sweep.ts';

export interface ExecutorTimings {
  /** How long a task stays an executor's that says nothing. */
  holdSeconds: number;
  sweepMs: number;
  /** Before the second attempt at an effect. */
  retryMs: number;
}

const defaultTimings: ExecutorTimings = { holdSeconds: 10, sweepMs: 1_000, retryMs: 1_000 };
// Tasks mostly wait for services outside.
const concurrency = 16;
const longestMs = 120_000;
const maxAuditJobs = 1_000;

/** What the executor runs: its agents, and what understands prompts. */
export interface ExecutorParts {
  agents: readonly Agent[];
  parseIntent: EngineDeps['parseIntent'];
}

/** Consumes the queue `tasks`: understands what people ask for, asks guard, people and budget, and has agents do it. */
export async function startExecutor(
  env: ConfigOf<typeof executorShape>,
  log: Logger,
  makeParts: (deps: { db: ReturnType<typeof createDb> }) => ExecutorParts,
  timings: ExecutorTimings = defaultTimings,
): Promise<RunningApp> {
  const db = createDb(env, 'executor');
  const producer = createProducer({ redis: env, log });
  const policy = await watchPolicy({
    file: env.POLICY_FILE,
    log,
    report: createPolicyReporter({ db, producer, log, app: 'executor' }),
  });
  const approvalChanges = createChangePublisher(env, approvalChannel);
  const taskChanges = createChangePublisher(env, taskChannel);
  const cacheDb = createDb(env, 'executor', maxLatencyMs);
  const killSwitches = createKillSwitchCache(() => releasableKillSwitches(cacheDb));
  const batcher = createAuditBatcher({
    producer,
    maxJobs: maxAuditJobs,
    redactRows: (rows) => Promise.resolve(rows.map(redactEvent)),
  });
  const store = createTaskStore(db, `executor-${randomUUID()}`, timings.holdSeconds);
  const holds = createHolds({ store, log, everyMs: (timings.holdSeconds * 1_000) / 4 });
  const { agents, parseIntent } = makeParts({ db });
  const sweep = createSweep({ store, producer, log, everyMs: timings.sweepMs });
  const worker = createWorker({
    queue: 'tasks',
    redis: env,
    log,
    concurrency,
    record: createJobRecorder({ db, log, app: 'executor' }),
    handlers: createTaskJobs({
      store,
      holds,
      agents: new Map(agents.map((agent) => [agent.name, agent])),
      parseIntent,
      guard: {
        db,
        policy: policy.current,
        grantSeconds: env.APPROVAL_GRANT_SECONDS,
        maxSpendPerTask: env.MAX_SPEND_PER_TASK,
        approvalTtlSeconds: env.APPROVAL_TTL_SECONDS,
        announce: createApprovalAnnouncer({
          hub: { announce: (id) => approvalChanges.publish(id) },
          producer,
          log,
        }),
        killSwitches,
        limits: createLimits({ db, log }),
        decisionLog: createDecisionLog({ db, producer, batcher, killSwitches }),
        countDecision: () => undefined,
      },
      dailyBudgetMinor: Math.round(env.DAILY_BUDGET * 100),
      approvalTtlSeconds: env.APPROVAL_TTL_SECONDS,
      log,
      retryMs: timings.retryMs,
      longestMs,
      changed: (id) => taskChanges.publish(id),
      wake: sweep.wake,
    }),
  });
  // A decision wakes the sweep, and whoever cancels a task stops its work.
  const stopApprovals = followChanges(env, approvalChannel, sweep.wake);
  const stopTasks = followChanges(env, taskChannel, holds.check);

  return {
    async stop() {
      stopApprovals();
      stopTasks();
      await sweep.stop();
      await worker.close();
      await holds.stop();
      await policy.stop();
      approvalChanges.close();
      taskChanges.close();
      await producer.close();
    },
  };
}
