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
import { createCallbackOutbox } from '../callbacks/callback-outbox.ts';
import { createCourier } from '../callbacks/courier.ts';
import type { Lease } from '@actp/services/leases/lease';
import { clientOptions, hideAddress, type TelegramTarget } from '../telegram/api-client.ts';
import type { ChatMoves } from '../telegram/chat-moves.ts';
import type { Pacer } from '../telegram/pacer.ts';
import type { Refusals } from '../telegram/refusals.ts';
import { createApprovalJobs } from './approval-jobs.ts';
import { createButtonMac, type ButtonMac } from './buttons/button-mac.ts';
import { createChangeSignal, type ChangeSignal } from './change-signal.ts';
import { createHousekeeping } from './housekeeping.ts';
import type { CardChats } from './desk/card-chats.ts';
import { createCardMessages } from './desk/card-messages.ts';
import { createDesk } from './desk/desk.ts';
import type { DeskTimings } from './desk/desk-timings.ts';
import { createPressRegister, type PressRegister } from './press/press-register.ts';
import { createRegister, type Register } from './register.ts';
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
  desk: DeskTimings;
}

/** What those who take presses and commands need. */
export interface Approvals {
  register: Register;
  presses: PressRegister;
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
  const register = createRegister(db);
  const mac = createButtonMac(env.SESSION_SECRET);
  const desk =
    target === undefined || chats.known().size === 0
      ? undefined
      : createDesk({
          register,
          messages: createCardMessages({ api: apiOf(target), moves }),
          mac,
          chats,
          moves,
          refusals,
          pacer,
          timeZone: env.SCHEDULE_TZ,
          lease,
          log,
          timings: deps.desk,
        });
  if (!desk) log.warn({ token: target !== undefined }, 'approvals are shown to nobody in Telegram');
  const outbox = createCallbackOutbox(db);
  const courier = createCourier({
    outbox,
    origins: env.CALLBACK_ORIGINS,
    secret: env.CALLBACK_SECRET,
    log,
    now: Date.now,
  });
  const signal = createChangeSignal({ redis: env, sleepers: desk ? [desk, courier] : [courier] });
  const worker = createWorker({
    queue: 'approval',
    redis: env,
    log,
    handlers: createApprovalJobs({ desk, courier, outbox, producer }),
    record: createJobRecorder({ db, log, app: 'approval-bot' }),
    concurrency,
  });
  const sweep = createSweep({
    register,
    policy,
    ttlSeconds: env.APPROVAL_TTL_SECONDS,
    grantSeconds: env.APPROVAL_GRANT_SECONDS,
    signal,
    log,
  });
  // The queue only makes things soon. This makes them certain, also while Redis is away.
  const stopSweeping = repeat(log, deps.sweepMs, sweep);
  const tidy = createHousekeeping({ register, chats, moves, log });
  const stopTidying = repeat(log, tidyMs, tidy);

  return {
    register,
    presses: createPressRegister(db),
    mac,
    chats,
    signal,
    async stop() {
      await Promise.all([stopSweeping(), stopTidying(), worker.close()]);
      await Promise.all([desk?.stop(), courier.stop()]);
      signal.close();
    },
  };
}

function apiOf(target: TelegramTarget): Api {
  const api = new Api(target.token, clientOptions(target, callTimeoutSeconds));
  api.config.use(hideAddress);
  return api;
}
