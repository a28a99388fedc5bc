import { GrammyError } from 'grammy';
import { AppError, UnavailableError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { redact } from '@actp/redaction/redact';
import { createBackoff, type Backoff } from '../../telegram/backoff.ts';
import type { ChatMoves } from '../../telegram/chat-moves.ts';
import { failureOf, type Failure } from '../../telegram/failure.ts';
import type { RefusedPart, Refusals } from '../../telegram/refusals.ts';
import type { Work } from '../register.ts';
import { chatFor, type CardChats } from './card-chats.ts';
import type { DeskTimings } from './desk-timings.ts';
import { createPauses } from './pauses.ts';

export interface Setbacks {
  /** Telegram is away: nothing can be sent yet. */
  waiting(): boolean;
  /** What cannot be served just now: chats, or `kind:chat`. */
  chats(): string[];
  /** The same of approvals. */
  ids(): string[];
  /** Whether such work in its chat has to wait meanwhile. */
  concerns(work: Work): boolean;
  /** Leaves an approval alone for a moment: there was nothing to do after all. */
  skip(id: string): void;
  /** It is not the turn of such work in its chat yet. */
  postpone(work: Work, ms: number): void;
  /** It was done. */
  fine(work: Work): Promise<void>;
  /**
   * Sorts a failure.
   *
   * @returns whether others can be served meanwhile
   * @throws the failure itself when it is the database's: it concerns everything
   */
  after(work: Work, error: unknown): Promise<boolean>;
}

export interface SetbacksDeps {
  chats: CardChats;
  moves: ChatMoves;
  refusals: Refusals;
  log: Logger;
  timings: DeskTimings;
  /** Milliseconds that only go forward. */
  now: () => number;
}

const partOf: Record<Work['kind'], RefusedPart> = { deliver: 'buttons', remind: 'text', edit: 'edit' };
const keyOf = ({ kind, chat_id }: Work) => `${kind}:${chat_id}`;

/** What went wrong lately, and how long that keeps us from what. */
export function createSetbacks(deps: SetbacksDeps): Setbacks {
  const { chats, moves, refusals, log, timings, now } = deps;
  const chatPauses = createPauses(now);
  const idPauses = createPauses(now);
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
  function chatOf({ kind, chat_id }: Work): string {
    return (kind === 'deliver' ? chatFor(chats, chat_id) : undefined) ?? chats.current(chat_id);
  }

  function onAway(work: Work, reason: string): boolean {
    const ms = away.next();
    notBefore = now() + ms;
    log[outage ? 'debug' : 'warn'](
      { ...factsOf(work), reason, retry_ms: ms },
      'telegram did not take the card',
    );
    outage = true;
    return false;
  }

  async function onRefusal(work: Work, failure: Failure): Promise<boolean> {
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
      idPauses.add(work.id, pauseOf(work.id));
      // Whose fault it is shows with the next one: when that is refused alike, it is the chat's.
      if (before === undefined || before === work.id) return true;
    }
    const ms = pauseOf(key);
    chatPauses.add(key, ms);
    log.warn(
      { ...factsOf(work), reason: redact(failure.reason), retry_ms: ms },
      'telegram did not take the card',
    );
    return true;
  }

  return {
    waiting: () => notBefore > now(),
    chats: () => chatPauses.keys(),
    ids: () => idPauses.keys(),
    concerns(work) {
      const paused = chatPauses.keys();
      return paused.includes(work.chat_id) || paused.includes(keyOf(work));
    },
    skip: (id) => idPauses.add(id, timings.busyMs),
    postpone: (work, ms) => chatPauses.add(keyOf(work), ms),
    async fine(work) {
      away.reset();
      tokenRefused.reset();
      outage = false;
      backoffs.delete(keyOf(work));
      backoffs.delete(work.id);
      unclear.delete(keyOf(work));
      await refusals.accepted(chatOf(work), partOf[work.kind]);
    },
    async after(work, error) {
      const ofTelegram = error instanceof UnavailableError && error.part === 'Telegram';
      if (!ofTelegram && !(error instanceof GrammyError)) {
        if (error instanceof AppError) throw error;
        log.error({ ...factsOf(work), err: error }, 'card cannot be made');
        idPauses.add(work.id, timings.refusedMs);
        return true;
      }
      const failure = failureOf(error);
      const reason = redact(failure.reason);
      if (failure.kind === 'away' || failure.kind === 'conflict') return onAway(work, reason);
      if (failure.kind === 'limited') {
        chatPauses.add(work.chat_id, failure.retryAfterMs);
        log.warn({ ...factsOf(work), retry_ms: failure.retryAfterMs }, 'telegram wants fewer messages');
        return true;
      }
      if (failure.kind === 'bad_text') {
        idPauses.add(work.id, timings.refusedMs);
        log.error({ ...factsOf(work), reason }, 'telegram does not take this card');
        return true;
      }
      // At once in the chat that it has become.
      if (failure.kind === 'moved' && moves.moved(failure.from, failure.to)) return true;
      return onRefusal(work, failure);
    },
  };
}

const factsOf = (work: Work) => ({ approval_id: work.id, kind: work.kind, chat_id: work.chat_id });
