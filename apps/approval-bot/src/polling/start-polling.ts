import type { Db } from '@actp/db/client';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { createPressHandler } from '../approvals/press/handle-press.ts';
import type { Approvals } from '../approvals/start-approvals.ts';
import { createBot } from '../bot/create-bot.ts';
import type { TelegramTarget } from '../telegram/api-client.ts';
import type { ChatMoves } from '../telegram/chat-moves.ts';
import type { Greeter } from '../telegram/greeter.ts';
import type { Pacer } from '../telegram/pacer.ts';
import type { Refusals } from '../telegram/refusals.ts';
import { createBacklog } from './backlog.ts';
import type { Lease } from '@actp/services/leases/lease';
import { pollUpdates, type PollTimings } from './poll-updates.ts';

export interface PollingDeps {
  target: TelegramTarget;
  /** Who may give commands and decide. */
  approverIds: ReadonlySet<number>;
  db: Db;
  producer: Producer;
  approvals: Approvals;
  moves: ChatMoves;
  refusals: Refusals;
  pacer: Pacer;
  greeter: Greeter;
  /** The policy in force. */
  policy: () => LoadedPolicy;
  /** IANA name. */
  timeZone: string;
  /** The right to poll. */
  lease: Lease;
  log: Logger;
  timings: PollTimings;
}

/** Takes commands and presses. Gives the way to end that. */
export function startPolling(deps: PollingDeps): () => Promise<void> {
  const {
    target,
    approverIds,
    moves,
    refusals,
    pacer,
    greeter,
    db,
    producer,
    approvals,
    lease,
    log,
    timings,
  } = deps;
  if (approverIds.size === 0) log.warn('no approvers are configured');
  const handlePress = createPressHandler({
    ...approvals,
    access: {
      approverIds,
      get chatIds() {
        return approvals.chats.known();
      },
    },
  });
  const backlog = createBacklog({ db, log });
  const bot = createBot({
    target,
    access: {
      approverIds,
      get chatId() {
        const main = approvals.chats.main();
        return main === undefined ? undefined : Number(main);
      },
    },
    moves,
    refusals,
    pacer,
    greeter,
    knownActions: () => actionsOf(deps.policy),
    timeZone: deps.timeZone,
    db,
    producer,
    approvals: { ...approvals, handlePress, isLate: backlog.has },
    log,
    now: () => performance.now(),
  });
  return pollUpdates({
    bot,
    lease,
    backlog,
    refusals,
    // A press in a chat under its new id is one of ours.
    prepare: () => moves.sync(),
    log,
    timings,
  });
}

// Without a policy nothing is suggested; stopping works all the same.
function actionsOf(policy: () => LoadedPolicy): string[] {
  try {
    return policy().policy.gates.map(({ action }) => action);
  } catch {
    return [];
  }
}
