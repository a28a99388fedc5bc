import { randomUUID } from 'node:crypto';
import { createJobRecorder } from '@actp/db/audit/record-job-run';
import { createDb, dbShape } from '@actp/db/client';
import { createPolicyReporter } from '@actp/services/policy/report-change';
import type { ConfigOf } from '@actp/shared/config';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { RunningApp } from '@actp/shared/lifecycle';
import type { Logger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { settings } from '@actp/shared/settings';
import { cardSenderTimings, type CardSenderTimings } from './approvals/card-sender/card-sender-timings.ts';
import { followPolicy } from './approvals/follow-policy.ts';
import { approvalsShape, startApprovals } from './approvals/start-approvals.ts';
import { hintNotification } from '@actp/services/notifications/hint';
import { createChatMoveStore } from '@actp/services/telegram/move-store';
import { createGreetingStore } from '@actp/services/telegram/greetings';
import { createRefusalStore } from '@actp/services/telegram/refusal-store';
import { createLogChannel, createTelegramChannel, type Channel } from './notifications/channel.ts';
import { createNotificationSender } from './notifications/notification-sender.ts';
import {
  notificationSenderTimings,
  type NotificationSenderTimings,
} from './notifications/notification-sender-timings.ts';
import { createNotificationOutbox } from '@actp/services/notifications/outbox';
import { createSendNotification } from './notifications/send-notification.ts';
import { createLease } from '@actp/services/leases/lease';
import { pollTimings, type PollTimings } from './polling/poll-updates.ts';
import { startPolling } from './polling/start-polling.ts';
import { createCardChats } from './approvals/card-sender/card-chats.ts';
import { createApi, type TelegramTarget } from './telegram/api-client.ts';
import { createChatMoves, type ChatMoves } from './telegram/chat-moves.ts';
import { createGreeter, type Greeter } from './telegram/greeter.ts';
import { introductionText } from './bot/greeting.ts';
import { createPacer, paceLimits, type PaceLimits } from './telegram/pacer.ts';
import { createRefusalProbe } from './telegram/refusal-probe.ts';
import { createRefusals } from './telegram/refusals.ts';

/** What the bot reads from its environment. */
export const approvalBotShape = {
  TELEGRAM_BOT_TOKEN: settings.TELEGRAM_BOT_TOKEN,
  TELEGRAM_APPROVER_IDS: settings.TELEGRAM_APPROVER_IDS,
  TELEGRAM_API_ROOT: settings.TELEGRAM_API_ROOT,
  POLICY_FILE: settings.POLICY_FILE,
  ...approvalsShape,
  ...redisShape,
  ...dbShape,
};

type Env = ConfigOf<typeof approvalBotShape>;

export interface Timings {
  poll: PollTimings;
  notificationSender: NotificationSenderTimings;
  cardSender: CardSenderTimings;
  pace: PaceLimits;
  /** After how long without any attempt a refusal is looked into, in seconds. */
  quietRefusalSeconds: number;
  /** How often the database is asked what is due about cards. */
  sweepMs: number;
  /** How often the database is asked for messages that the queue has lost. */
  reconcileMs: number;
  /** How old such a message is at least, in seconds. */
  overdueSeconds: number;
  pollerLeaseSeconds: number;
  /** How long an answer of the database is waited for, unless that is what people may wait. */
  databaseMs?: number;
}

const timingsInUse: Timings = {
  poll: pollTimings,
  notificationSender: notificationSenderTimings,
  cardSender: cardSenderTimings,
  pace: paceLimits,
  // Above the longest pause between two attempts.
  quietRefusalSeconds: 60,
  sweepMs: 2_000,
  reconcileMs: 15_000,
  overdueSeconds: 15,
  // Another copy takes over this long after the poller died, at most.
  pollerLeaseSeconds: 10,
};

// A message is sent, or its time-out is over, well within it.
const senderLeaseSeconds = 30;
// The same for cards, whose calls are shorter: another copy asks people this long after one died, at most.
const cardLeaseSeconds = 10;
const sendTimeoutSeconds = 10;

/**
 * Alerts and approval cards out of the database to Telegram, commands and decisions in. Without a token alerts go to the
 * log, no cards are sent, and nothing is polled.
 * Redis, the database and Telegram may come later, go and return.
 */
export async function startApprovalBot(
  env: Env,
  log: Logger,
  timings: Timings = timingsInUse,
): Promise<RunningApp> {
  const db = createDb(env, 'bot', timings.databaseMs);
  const producer = createProducer({ redis: env, log });
  const holder = randomUUID();
  const report = createPolicyReporter({ db, producer, log, app: 'approval-bot' });
  const policy = await followPolicy({
    file: env.POLICY_FILE,
    log,
    // The gateway tells the operators what is wrong with it.
    report: (change) => report(change.kind === 'refused' ? { ...change, first: false } : change),
  });
  const target =
    env.TELEGRAM_BOT_TOKEN === undefined
      ? undefined
      : { token: env.TELEGRAM_BOT_TOKEN, apiRoot: env.TELEGRAM_API_ROOT };
  const named = { main: env.TELEGRAM_CHAT_ID, extra: env.TELEGRAM_EXTRA_CHAT_IDS };
  const moves = createChatMoves({
    ...named,
    store: createChatMoveStore(db),
    log,
    onMessage: (id) => void hintNotification({ producer, log }, id),
  });
  const chats = createCardChats({ ...named, moves });
  const refusalStore = createRefusalStore(db);
  const refusals = createRefusals({ store: refusalStore, log, moves });
  const pacer = createPacer({ limits: timings.pace });
  const greeter = createGreeter({ store: createGreetingStore(db), moves, text: introductionText });

  const outbox = createNotificationOutbox(db);
  const notificationSender = createNotificationSender({
    outbox,
    channel: channelFor({ target, chatId: env.TELEGRAM_CHAT_ID, moves, greeter, log }),
    pacer,
    refusals,
    lease: createLease({ db, name: 'telegram-sender', holder, seconds: senderLeaseSeconds }),
    log,
    timings: timings.notificationSender,
  });
  const worker = createWorker({
    queue: 'notify',
    redis: env,
    log,
    handlers: { 'send-notification': createSendNotification({ notificationSender, outbox }) },
    record: createJobRecorder({ db, log, app: 'approval-bot' }),
  });
  // The queue only makes it soon. This makes it certain, also while Redis is away, which people should hear of.
  const stopReconciling = repeat(log, timings.reconcileMs, async () => {
    if (await outbox.overdue(timings.overdueSeconds)) await notificationSender.deliver();
  });
  const probe =
    target &&
    createRefusalProbe({
      api: createApi(target, sendTimeoutSeconds),
      store: refusalStore,
      chats,
      pacer,
      refusals,
      log,
      quietSeconds: timings.quietRefusalSeconds,
    });
  const stopFollowing = repeat(log, timings.reconcileMs, async () => {
    await moves.sync();
    await probe?.();
  });
  const approvals = startApprovals({
    env,
    target,
    db,
    policy: policy.current,
    chats,
    moves,
    refusals,
    pacer,
    greeter,
    lease: createLease({ db, name: 'telegram-cards', holder, seconds: cardLeaseSeconds }),
    log,
    sweepMs: timings.sweepMs,
    cardSender: timings.cardSender,
  });
  const stopPolling = target
    ? startPolling({
        target,
        approverIds: new Set(env.TELEGRAM_APPROVER_IDS),
        db,
        producer,
        approvals,
        moves,
        refusals,
        pacer,
        greeter,
        policy: policy.current,
        timeZone: env.SCHEDULE_TZ,
        lease: createLease({ db, name: 'telegram-poller', holder, seconds: timings.pollerLeaseSeconds }),
        log,
        timings: timings.poll,
      })
    : () => Promise.resolve();

  return {
    async stop() {
      await Promise.all([stopPolling(), stopReconciling(), stopFollowing(), policy.stop()]);
      await Promise.all([notificationSender.stop(), worker.close(), approvals.stop()]);
      await moves.settled();
      await producer.close();
    },
  };
}

function channelFor(deps: {
  target: TelegramTarget | undefined;
  chatId: string | undefined;
  moves: ChatMoves;
  greeter: Greeter;
  log: Logger;
}): Channel {
  const { target, chatId, moves, greeter, log } = deps;
  if (target === undefined || chatId === undefined) {
    log.warn(
      { token: target !== undefined, chat: chatId !== undefined },
      'Telegram is not configured, alerts are logged',
    );
    return createLogChannel(log);
  }
  const api = createApi(target, sendTimeoutSeconds);
  return createTelegramChannel({ api, chatId, moves, greeter: greeter.through(api) });
}
