import { createJobRecorder } from '@actp/db/audit/record-job-run';
import { Api } from 'grammy';
import type { Db } from '@actp/db/client';
import type { Policy } from '@actp/policy/policy';
import type { ConfigOf } from '@actp/shared/config';
import type { Producer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { settings } from '@actp/shared/settings';
import { createWebhookOutbox } from '@actp/services/webhooks/outbox';
import { createWebhookSender } from '../webhooks/webhook-sender.ts';
import type { Lease } from '@actp/services/leases/lease';
import { clientOptions, hideAddress, type TelegramTarget } from '../telegram/api-client.ts';
import type { ChatMoves } from '../telegram/chat-moves.ts';
import type { Pacer } from '../telegram/pacer.ts';
import type { Refusals } from '../telegram/refusals.ts';
import { createApprovalJobs } from './approval-jobs.ts';
import { createButtonMac, type ButtonMac } from './buttons/button-mac.ts';
import { createChangeSignal, type ChangeSignal } from './change-signal.ts';
import { createStaleCleanup } from './forget-stale.ts';
import type { CardChats } from './card-sender/card-chats.ts';
import { createCardMessages } from './card-sender/card-messages.ts';
import { createCardSender } from './card-sender/card-sender.ts';
import type { CardSenderTimings } from './card-sender/card-sender-timings.ts';
import { createPressStore, type PressStore } from '@actp/services/approvals/press-store';
import { createApprovalCardStore, type ApprovalCardStore } from '@actp/services/approvals/card-store';
import { createRefusalStore } from '@actp/services/telegram/refusal-store';
import { createSweep } from './sweep.ts';

/** What approvals need of the environment. */
export const approvalsShape = {
  SESSION_SECRET: settings.SESSION_SECRET,
  SCHEDULE_TZ: settings.SCHEDULE_TZ,
  TELEGRAM_CHAT_ID: settings.TELEGRAM_CHAT_ID,
  TELEGRAM_EXTRA_CHAT_IDS: settings.TELEGRAM_EXTRA_CHAT_IDS,
  APPROVAL_TTL_SECONDS: settings.APPROVAL_TTL_SECONDS,
  APPROVAL_GRANT_SECONDS: settings.APPROVAL_GRANT_SECONDS,
  CALLBACK_ORIGINS: settings.CALLBACK_ORIGINS,
  CALLBACK_SECRET: settings.CALLBACK_SECRET,
  ...redisShape,
};

export interface ApprovalsDeps {
  env: ConfigOf<typeof approvalsShape>;
  /** Undefined without a token: nobody is asked here, and everything else goes on. */
  target: TelegramTarget | undefined;
  policy: () => { policy: Policy; version: string };
  db: Db;
  producer: Producer;
  chats: CardChats;
  moves: ChatMoves;
  refusals: Refusals;
  pacer: Pacer;
  /** The right to send cards. */
  lease: Lease;
  log: Logger;
  /** How often the database is asked what is due. */
  sweepMs: number;
  cardSender: CardSenderTimings;
}

/** What presses and commands need. */
export interface Approvals {
  cards: ApprovalCardStore;
  presses: PressStore;
  mac: ButtonMac;
  chats: CardChats;
  signal: ChangeSignal;
  stop(): Promise<void>;
}

const tidyMs = 600_000;
// Jobs only wake others, so many may run at once.
const concurrency = 20;
// Shorter than the time an app has for stopping.
const callTimeoutSeconds = 6;

/** Starts everything about approvals but presses: cards, reminders, expiry, callbacks. */
export function startApprovals(deps: ApprovalsDeps): Approvals {
  const { env, target, policy, db, producer, chats, moves, refusals, pacer, lease, log } = deps;
  const cards = createApprovalCardStore(db);
  const mac = createButtonMac(env.SESSION_SECRET);
  const cardSender =
    target === undefined || chats.known().size === 0
      ? undefined
      : createCardSender({
          store: cards,
          messages: createCardMessages({ api: apiOf(target), moves }),
          mac,
          chats,
          moves,
          refusals,
          pacer,
          timeZone: env.SCHEDULE_TZ,
          lease,
          log,
          timings: deps.cardSender,
        });
  if (!cardSender) log.warn({ token: target !== undefined }, 'no Telegram chat configured for approvals');
  const outbox = createWebhookOutbox(db);
  const webhookSender = createWebhookSender({
    outbox,
    origins: env.CALLBACK_ORIGINS,
    secret: env.CALLBACK_SECRET,
    log,
    now: Date.now,
  });
  const signal = createChangeSignal({
    redis: env,
    wakeables: cardSender ? [cardSender, webhookSender] : [webhookSender],
  });
  const worker = createWorker({
    queue: 'approval',
    redis: env,
    log,
    handlers: createApprovalJobs({ cardSender, webhookSender, outbox, producer }),
    record: createJobRecorder({ db, log, app: 'approval-bot' }),
    concurrency,
  });
  const sweep = createSweep({
    db,
    policy,
    ttlSeconds: env.APPROVAL_TTL_SECONDS,
    grantSeconds: env.APPROVAL_GRANT_SECONDS,
    signal,
    log,
  });
  // The queue only makes things soon. This makes them certain, also while Redis is away.
  const stopSweeping = repeat(log, deps.sweepMs, sweep);
  const tidy = createStaleCleanup({ db, cards, refusals: createRefusalStore(db), chats, moves, log });
  const stopTidying = repeat(log, tidyMs, tidy);

  return {
    cards,
    presses: createPressStore(db),
    mac,
    chats,
    signal,
    async stop() {
      await Promise.all([stopSweeping(), stopTidying(), worker.close()]);
      await Promise.all([cardSender?.stop(), webhookSender.stop()]);
      signal.close();
    },
  };
}

function apiOf(target: TelegramTarget): Api {
  const api = new Api(target.token, clientOptions(target, callTimeoutSeconds));
  api.config.use(hideAddress);
  return api;
}
