import type { Db } from '@actp/db/client';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import type { ConfigOf } from '@actp/shared/config';
import type { Logger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { settings } from '@actp/shared/settings';
import type { Lease } from '@actp/services/leases/lease';
import { createApi, type TelegramTarget } from '../telegram/api-client.ts';
import type { ChatMoves } from '../telegram/chat-moves.ts';
import type { Pacer } from '../telegram/pacer.ts';
import type { Greeter } from '../telegram/greeter.ts';
import type { Refusals } from '../telegram/refusals.ts';
import { createButtonMac, type ButtonMac } from './buttons/button-mac.ts';
import { createChangeSignal, type ChangeSignal } from './change-signal.ts';
import { createStaleCleanup } from './forget-stale.ts';
import type { CardChats } from './card-sender/card-chats.ts';
import { createCardMessages } from './card-sender/card-messages.ts';
import { createCardSender } from './card-sender/card-sender.ts';
import type { CardSenderTimings } from './card-sender/card-sender-timings.ts';
import { createReplyStore, type ReplyStore } from '@actp/services/approvals/reject-by-reply';
import { createPressStore, type PressStore } from '@actp/services/approvals/press-store';
import { createApprovalCardStore, type ApprovalCardStore } from '@actp/services/approvals/card-store';
import { createRefusalStore } from '@actp/services/telegram/refusal-store';

/** What approvals need of the environment. */
export const approvalsShape = {
  SESSION_SECRET: settings.SESSION_SECRET,
  SESSION_SECRET_PREVIOUS: settings.SESSION_SECRET_PREVIOUS,
  SCHEDULE_TZ: settings.SCHEDULE_TZ,
  TELEGRAM_CHAT_ID: settings.TELEGRAM_CHAT_ID,
  TELEGRAM_EXTRA_CHAT_IDS: settings.TELEGRAM_EXTRA_CHAT_IDS,
  ...redisShape,
};

export interface ApprovalsDeps {
  env: ConfigOf<typeof approvalsShape>;
  /** Undefined without a token: then no cards are sent. */
  target: TelegramTarget | undefined;
  db: Db;
  /** The policy in force. */
  policy: () => LoadedPolicy;
  chats: CardChats;
  moves: ChatMoves;
  refusals: Refusals;
  pacer: Pacer;
  greeter: Greeter;
  /** The right to send cards. */
  lease: Lease;
  log: Logger;
  /** How often the database is asked what is due about cards. */
  sweepMs: number;
  cardSender: CardSenderTimings;
}

/** What presses and commands need. */
export interface Approvals {
  cards: ApprovalCardStore;
  presses: PressStore;
  replies: ReplyStore;
  mac: ButtonMac;
  chats: CardChats;
  signal: ChangeSignal;
  stop(): Promise<void>;
}

const tidyMs = 600_000;
// Shorter than the time an app has for stopping.
const callTimeoutSeconds = 6;

/** Starts what shows approvals to people: cards, their changes, reminders. */
export function startApprovals(deps: ApprovalsDeps): Approvals {
  const { env, target, db, chats, moves, refusals, pacer, greeter, lease, log } = deps;
  const cards = createApprovalCardStore(db);
  const mac = createButtonMac(env.SESSION_SECRET, env.SESSION_SECRET_PREVIOUS);
  const cardSender =
    target === undefined || chats.known().size === 0
      ? undefined
      : createCardSender({
          store: cards,
          messages: createCardMessages({ api: createApi(target, callTimeoutSeconds), moves }),
          greeter: greeter.through(createApi(target, callTimeoutSeconds)),
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
  const signal = createChangeSignal({ redis: env, wakeable: cardSender });
  // A change is announced in Redis. This finds it in the database, also while Redis is away.
  const stopSweeping = repeat(log, deps.sweepMs, async () => cardSender?.wake());
  const tidy = createStaleCleanup({ db, cards, refusals: createRefusalStore(db), chats, moves, log });
  const stopTidying = repeat(log, tidyMs, tidy);

  return {
    cards,
    presses: createPressStore(db, deps.policy),
    replies: createReplyStore(db),
    mac,
    chats,
    signal,
    async stop() {
      await Promise.all([stopSweeping(), stopTidying()]);
      signal.close();
      await cardSender?.stop();
    },
  };
}
