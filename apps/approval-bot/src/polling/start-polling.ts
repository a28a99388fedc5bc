import type { Db } from '@actp/db/client';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { createPressJudge } from '../approvals/press/judge-press.ts';
import type { Approvals } from '../approvals/start-approvals.ts';
import { createBot } from '../bot/create-bot.ts';
import type { TelegramTarget } from '../telegram/api-client.ts';
import { createBacklog } from './backlog.ts';
import type { Lease } from '@actp/services/leases/lease';
import { pollUpdates, type PollTimings } from './poll-updates.ts';

export interface PollingDeps {
  target: TelegramTarget;
  /** Where commands are taken beside private chats. */
  chatId: number | undefined;
  /** Who may give commands and decide. */
  approverIds: ReadonlySet<number>;
  db: Db;
  producer: Producer;
  approvals: Approvals;
  /** The right to poll. */
  lease: Lease;
  log: Logger;
  timings: PollTimings;
}

/** Takes commands and presses. Gives the way to end that. */
export function startPolling(deps: PollingDeps): () => Promise<void> {
  const { target, chatId, approverIds, db, producer, approvals, lease, log, timings } = deps;
  if (approverIds.size === 0) log.warn('nobody may give commands or decide');
  const judge = createPressJudge({ ...approvals, access: { approverIds, chatIds: approvals.chats.allowed } });
  const backlog = createBacklog({ db, log });
  const bot = createBot({
    target,
    access: { approverIds, chatId },
    db,
    producer,
    approvals: { ...approvals, judge, isLate: backlog.has },
    log,
    now: () => performance.now(),
  });
  return pollUpdates({ bot, lease, backlog, log, timings });
}
