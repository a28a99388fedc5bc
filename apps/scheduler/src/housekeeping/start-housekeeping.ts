import { createJobRecorder } from '@actp/db/audit/record-job-run';
import type { Db } from '@actp/db/client';
import { watchPolicy } from '@actp/policy/watch-policy';
import { createChangePublisher, followChanges } from '@actp/services/changes/channel';
import { approvalChannel } from '@actp/shared/approvals/channel';
import { sweepApprovals } from '@actp/services/approvals/sweep';
import { tidyCounters } from '@actp/services/limits/tidy-counters';
import { createPolicyReporter } from '@actp/services/policy/report-change';
import { createWebhookOutbox } from '@actp/services/webhooks/outbox';
import type { ConfigOf } from '@actp/shared/config';
import type { Producer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import { createOutageLog } from '@actp/shared/outage-log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { settings } from '@actp/shared/settings';
import { assertTogether } from '@actp/shared/settings-together';
import { createApprovalJobs } from './approval-jobs.ts';
import { createWebhookSender } from './webhooks/webhook-sender.ts';

/** What housekeeping reads from its environment. */
export const housekeepingShape = {
  POLICY_FILE: settings.POLICY_FILE,
  APPROVAL_TTL_SECONDS: settings.APPROVAL_TTL_SECONDS,
  APPROVAL_GRANT_SECONDS: settings.APPROVAL_GRANT_SECONDS,
  CALLBACK_ORIGINS: settings.CALLBACK_ORIGINS,
  CALLBACK_SECRET: settings.CALLBACK_SECRET,
  CALLBACK_SECRET_PREVIOUS: settings.CALLBACK_SECRET_PREVIOUS,
  ...redisShape,
};

export interface HousekeepingDeps {
  env: ConfigOf<typeof housekeepingShape>;
  db: Db;
  producer: Producer;
  log: Logger;
  timings?: HousekeepingTimings;
}

export interface HousekeepingTimings {
  /** How often approvals are swept, and the database is asked for webhooks that are due. */
  sweepMs: number;
  /** How long money stays reserved at most after its reservation has expired. */
  countersMs: number;
}

// Jobs only wake the webhook sender, so many may run at once.
const concurrency = 20;

/**
 * What has to happen whether or not people are reached over Telegram: approvals expire, those that other programs inserted are
 * imported, webhooks are sent, stale reservations are released. Several copies may run it: each step claims its work in the
 * database.
 *
 * @returns a function that ends it
 * @throws ConfigError when settings do not go together, or the policy is not valid
 */
export async function startHousekeeping(deps: HousekeepingDeps): Promise<() => Promise<void>> {
  const { env, db, producer, log, timings = { sweepMs: 2_000, countersMs: 30_000 } } = deps;
  assertTogether(env);
  const policy = await watchPolicy({
    file: env.POLICY_FILE,
    log,
    report: createPolicyReporter({ db, producer, log, app: 'scheduler' }),
  });
  const outbox = createWebhookOutbox(db);
  const webhookSender = createWebhookSender({
    outbox,
    origins: env.CALLBACK_ORIGINS,
    secrets: [env.CALLBACK_SECRET, env.CALLBACK_SECRET_PREVIOUS].filter((one) => one !== undefined),
    log,
    now: Date.now,
  });
  const changes = createChangePublisher(env, approvalChannel);
  const stopFollowing = followChanges(env, approvalChannel, webhookSender.wake);
  const worker = createWorker({
    queue: 'approval',
    redis: env,
    log,
    handlers: createApprovalJobs({ webhookSender, outbox, producer }),
    record: createJobRecorder({ db, log, app: 'scheduler' }),
    concurrency,
  });
  const outage = createOutageLog(log, 'approval sweep failed');
  const importing = {
    db,
    policy: policy.current,
    ttlSeconds: env.APPROVAL_TTL_SECONDS,
    grantSeconds: env.APPROVAL_GRANT_SECONDS,
    log,
  };
  // Jobs and messages are hints. This finds the same work in the database, also while Redis is away.
  const stopSweeping = repeat(log, timings.sweepMs, async () => {
    try {
      for (const id of await sweepApprovals(importing)) changes.publish(id);
      outage.succeeded();
    } catch (error) {
      outage.failed(error);
    }
    webhookSender.wake();
  });
  const stopTidying = repeat(log, timings.countersMs, () => tidyCounters({ db, log }));

  return async () => {
    stopFollowing();
    await policy.stop();
    await Promise.all([stopSweeping(), stopTidying(), worker.close()]);
    await webhookSender.stop();
    changes.close();
  };
}
