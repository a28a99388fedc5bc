import { GrammyError } from 'grammy';
import { AppError, UnavailableError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { redact } from '@actp/redaction/redact';
import { createBackoff, type Backoff } from '../../telegram/backoff.ts';
import type { ChatMoves } from '../../telegram/chat-moves.ts';
import { failureOf, type Failure } from '../../telegram/failure.ts';
import type { RefusedPart } from '@actp/services/telegram/refusal-store';
import type { Refusals } from '../../telegram/refusals.ts';
import type { CardWork } from '@actp/services/approvals/card-store';
import { chatFor, type CardChats } from './card-chats.ts';
import type { CardSenderTimings } from './card-sender-timings.ts';
import { createCooldowns } from './cooldowns.ts';

export interface SendBackoff {
  /** Telegram is away: nothing can be sent yet. */
  waiting(): boolean;
  /** What cannot be served just now: chats, or `kind:chat`. */
  chats(): string[];
  /** The same of approvals. */
  ids(): string[];
  /** Whether such work in its chat has to wait meanwhile. */
  concerns(work: CardWork): boolean;
  /** Leaves an approval alone for a moment: there was nothing to do after all. */
  skip(id: string): void;
  /** It is not the turn of such work in its chat yet. */
  postpone(work: CardWork, ms: number): void;
  /** It was done. */
  succeeded(work: CardWork): Promise<void>;
  /**
   * Sorts a failure.
   *
   * @returns whether others can be served meanwhile
   * @throws the failure itself when it is the database's: it concerns everything
   */
  failed(work: CardWork, error: unknown): Promise<boolean>;
}

export interface SendBackoffDeps {
  chats: CardChats;
  moves: ChatMoves;
  refusals: Refusals;
  log: Logger;
  timings: CardSenderTimings;
  /** Milliseconds that only go forward. */
  now: () => number;
}

const partOf: Record<CardWork['kind'], RefusedPart> = { deliver: 'buttons', remind: 'text', edit: 'edit' };
const keyOf = ({ kind, chat_id }: CardWork) => `${kind}:${chat_id}`;

/** Which chats and approvals are left alone after a failure, and for how long. */
export function createSendBackoff(deps: SendBackoffDeps): SendBackoff {
  const { chats, moves, refusals, log, timings, now } = deps;
  const chatCooldowns = createCooldowns(now);
  const idCooldowns = createCooldowns(now);
  const away = createBackoff(timings.retryMs, timings.maxRetryMs);
  const tokenRefused = createBackoff(timings.retryMs, timings.refusedMs);
  const backoffs = new Map<string, Backoff>();
  // The approval that was refused last in a chat, for a reason that may be its own.
  const unclear = new Map<string, string>();
  let notBefore = 0;
  let outage = false;

  function pauseOf(key: string): number {
    const backoff = backoffs.get(key) ?? createBackoff(timings.retryMs, timings.refusedMs);
    backoffs.set(key, backoff);
    return backoff.next();
  }

  /** The chat that the work was tried in. */
  function chatOf({ kind, chat_id }: CardWork): string {
    return (kind === 'deliver' ? chatFor(chats, chat_id) : undefined) ?? chats.current(chat_id);
  }

  function onAway(work: CardWork, reason: string): boolean {
    const ms = away.next();
    notBefore = now() + ms;
    log[outage ? 'debug' : 'warn']({ ...factsOf(work), reason, retry_ms: ms }, 'card not sent, retrying');
    outage = true;
    return false;
  }

  async function onRefusal(work: CardWork, failure: Failure): Promise<boolean> {
    const ofToken = failure.kind === 'refused' && failure.about === 'token';
    await refusals.refused(chatOf(work), ofToken ? 'token' : partOf[work.kind], failure.reason);
    if (ofToken) {
      notBefore = now() + tokenRefused.next();
      return false;
    }
    const key = keyOf(work);
    const before = unclear.get(key);
    if (failure.kind === 'unclear') {
      unclear.set(key, work.id);
      idCooldowns.add(work.id, pauseOf(work.id));
      // Whose fault it is shows with the next one: when that is refused alike, it is the chat's.
      if (before === undefined || before === work.id) return true;
    }
    const ms = pauseOf(key);
    chatCooldowns.add(key, ms);
    log.warn({ ...factsOf(work), reason: redact(failure.reason), retry_ms: ms }, 'card not sent, retrying');
    return true;
  }

  return {
    waiting: () => notBefore > now(),
    chats: () => chatCooldowns.keys(),
    ids: () => idCooldowns.keys(),
    concerns(work) {
      const paused = chatCooldowns.keys();
      return paused.includes(work.chat_id) || paused.includes(keyOf(work));
    },
    skip: (id) => idCooldowns.add(id, timings.busyMs),
    postpone: (work, ms) => chatCooldowns.add(keyOf(work), ms),
    async succeeded(work) {
      away.reset();
      tokenRefused.reset();
      outage = false;
      backoffs.delete(keyOf(work));
      backoffs.delete(work.id);
      unclear.delete(keyOf(work));
      await refusals.accepted(chatOf(work), partOf[work.kind]);
    },
    async failed(work, error) {
      const ofTelegram = error instanceof UnavailableError && error.part === 'Telegram';
      if (!ofTelegram && !(error instanceof GrammyError)) {
        if (error instanceof AppError) throw error;
        log.error({ ...factsOf(work), err: error }, 'card rendering failed');
        idCooldowns.add(work.id, timings.refusedMs);
        return true;
      }
      const failure = failureOf(error);
      const reason = redact(failure.reason);
      if (failure.kind === 'away' || failure.kind === 'conflict') return onAway(work, reason);
      if (failure.kind === 'limited') {
        chatCooldowns.add(work.chat_id, failure.retryAfterMs);
        log.warn({ ...factsOf(work), retry_ms: failure.retryAfterMs }, 'telegram rate limit');
        return true;
      }
      if (failure.kind === 'bad_text') {
        idCooldowns.add(work.id, timings.refusedMs);
        log.error({ ...factsOf(work), reason }, 'telegram rejected the card');
        return true;
      }
      // At once in the chat that it has become.
      if (failure.kind === 'moved' && moves.moved(failure.from, failure.to)) return true;
      return onRefusal(work, failure);
    },
  };
}

const factsOf = (work: CardWork) => ({ approval_id: work.id, kind: work.kind, chat_id: work.chat_id });
