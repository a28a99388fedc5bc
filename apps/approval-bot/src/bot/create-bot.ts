import { autoRetry } from '@grammyjs/auto-retry';
import { Bot } from 'grammy';
import type { Db } from '@actp/db/client';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import {
  acceptNotModified,
  clientOptions,
  hideAddress,
  traceCall,
  withCallTimeout,
  type TelegramTarget,
} from '../telegram/api-client.ts';
import type { ChatMoves } from '../telegram/chat-moves.ts';
import type { Greeter } from '../telegram/greeter.ts';
import type { Pacer } from '../telegram/pacer.ts';
import { followChats } from '../telegram/follow-chats.ts';
import type { Refusals } from '../telegram/refusals.ts';
import type { Access } from './access.ts';
import type { CardChats } from '../approvals/card-sender/card-chats.ts';
import { chatMovedFeature } from './features/chat-moved.ts';
import { commandAuditFeature } from './features/command-audit.ts';
import { commandCaseFeature } from './features/command-case.ts';
import { healFeature } from './features/heal.ts';
import { createKillSwitchCommandStore } from '@actp/services/kill-switch/command-store';
import { createTelegramLinks } from '@actp/services/operators/telegram-links';
import { helpFeature } from './features/help.ts';
import { killSwitchFeature } from './features/kill-switch.ts';
import { killSwitchPressFeature } from './features/kill-switch-press.ts';
import { linkFeature } from './features/link.ts';
import { notUnderstoodFeature } from './features/not-understood.ts';
import { pendingFeature } from './features/pending.ts';
import { peopleFeature } from './features/people.ts';
import { pressFeature, type PressDeps } from './features/press.ts';
import { refusalFeature } from './features/refusal.ts';
import { reasonPressFeature, type ReasonPressDeps } from './features/reason-press.ts';
import { replyFeature } from './features/reply.ts';
import { reviewFeature } from './features/review.ts';
import { selfTestFeature } from './features/self-test.ts';
import { startFeature } from './features/start.ts';
import { statusFeature } from './features/status.ts';
import { createMayAct } from './filters/may-act.ts';
import { isApprover, mayCommand } from './filters/may-command.ts';

export interface BotDeps {
  target: TelegramTarget;
  access: Access;
  db: Db;
  producer: Producer;
  moves: ChatMoves;
  refusals: Refusals;
  pacer: Pacer;
  greeter: Pick<Greeter, 'greeted'>;
  /** Names and globs of the actions that the policy knows. */
  knownActions: () => string[];
  /** IANA name. */
  timeZone: string;
  approvals: Omit<PressDeps, 'log'> &
    Pick<ReasonPressDeps, 'cards' | 'replies' | 'presses'> & { chats: CardChats };
  log: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** What the bot asks Telegram for; a feature that listens to more has to be named here. */
export const allowedUpdates = ['message', 'callback_query'] as const;

// Longer than a long poll waits, so that only a dead connection runs into it.
const pollTimeoutSeconds = 40;
// Shorter than the time an app has for stopping.
const callTimeoutSeconds = 6;
// A limit up to this long is waited for within the call; the update as a whole is tried again after a longer one.
const waitSeconds = 5;

/** The bot with all its features: those for approvers, and the refusal for everybody else. */
export function createBot(deps: BotDeps): Bot {
  const bot = new Bot(deps.target.token, {
    client: clientOptions(deps.target, pollTimeoutSeconds),
  });
  bot.api.config.use(
    withCallTimeout(callTimeoutSeconds),
    hideAddress,
    acceptNotModified,
    traceCall,
    autoRetry({
      maxRetryAttempts: 1,
      maxDelaySeconds: waitSeconds,
      rethrowInternalServerErrors: true,
      rethrowHttpErrors: true,
    }),
    followChats({ ...deps, isOurs: (chatId) => deps.approvals.chats.known().has(chatId) }),
  );
  const { approvals, log } = deps;
  const commands = createKillSwitchCommandStore(deps.db);
  bot.use(commandCaseFeature());
  bot.use(chatMovedFeature(deps));
  bot.use(peopleFeature(deps));
  // Who may press is checked with the press itself, which leaves an audit row either way.
  bot.use(killSwitchPressFeature({ ...deps, commands, isLate: approvals.isLate }));
  const links = createTelegramLinks(deps.db);
  const may = createMayAct({ may: mayCommand(deps.access), links, log });
  const mayAnywhere = createMayAct({ may: isApprover(deps.access), links, log });
  const replying = { ...approvals, mayAnywhere, log };
  bot.use(replyFeature(replying));
  bot.use(reasonPressFeature({ ...replying, access: deps.access }));
  bot.use(pressFeature({ ...approvals, log }));
  bot.use(commandAuditFeature({ db: deps.db, log, may }));
  bot.use(startFeature({ ...deps, mayAnywhere, greeted: deps.greeter.greeted }));
  bot.filter(
    may,
    helpFeature(),
    statusFeature(deps),
    pendingFeature(deps),
    selfTestFeature(deps),
    healFeature(deps),
    reviewFeature(deps),
    killSwitchFeature({ ...deps, commands }),
    linkFeature({ links }),
    notUnderstoodFeature(),
  );
  bot.use(refusalFeature(deps));
  return bot;
}
