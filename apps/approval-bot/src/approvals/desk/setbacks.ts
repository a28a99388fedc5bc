import { GrammyError } from 'grammy';
import { AppError, UnavailableError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { redact } from '@actp/redaction/redact';
import { failureOf } from '../../telegram/failure.ts';
import type { Work } from '../register.ts';
import type { CardMessages } from './card-messages.ts';
import type { DeskTimings } from './desk-timings.ts';
import { createPauses } from './pauses.ts';

export interface Setbacks {
  /** Telegram is away: nothing can be sent yet. */
  waiting(): boolean;
  /** What cannot be served just now. */
  chats(): string[];
  ids(): string[];
  /** Leaves an approval alone for a moment: there was nothing to do after all. */
  skip(id: string): void;
  /** Something was sent. */
  fine(): void;
  /**
   * Sorts a failure.
   *
   * @returns whether others can be served meanwhile
   * @throws the failure itself when it is the database's: it concerns everything
   */
  after(work: Work, error: unknown): Promise<boolean>;
}

/** What went wrong lately, and how long that keeps us from what. */
export function createSetbacks(deps: {
  messages: Pick<CardMessages, 'knowsChat'>;
  log: Logger;
  timings: DeskTimings;
  /** Milliseconds that only go forward. */
  now: () => number;
}): Setbacks {
  const { messages, log, timings, now } = deps;
  const chatPauses = createPauses(now);
  const idPauses = createPauses(now);
  let failures = 0;
  let notBefore = 0;

  return {
    waiting: () => notBefore > now(),
    chats: () => chatPauses.keys(),
    ids: () => idPauses.keys(),
    skip: (id) => idPauses.add(id, timings.busyMs),
    fine() {
      failures = 0;
    },
    async after(work, error) {
      const facts = { approval_id: work.id, kind: work.kind, chat_id: work.chat_id };
      const ofTelegram = error instanceof UnavailableError && error.part === 'Telegram';
      if (!ofTelegram && !(error instanceof GrammyError)) {
        if (error instanceof AppError) throw error;
        log.error({ ...facts, err: error }, 'card cannot be made');
        idPauses.add(work.id, timings.refusedMs);
        return true;
      }
      const failure = failureOf(error);
      const reason = redact(failure.reason);
      if (failure.kind === 'away') {
        failures += 1;
        const ms = Math.min(timings.maxRetryMs, timings.retryMs * 2 ** Math.min(failures - 1, 10));
        notBefore = now() + ms;
        const level = failures === 1 ? 'warn' : 'debug';
        log[level]({ ...facts, reason, retry_ms: ms }, 'telegram did not take the card');
        return false;
      }
      if (failure.kind === 'limited') {
        chatPauses.add(work.chat_id, failure.retryAfterMs);
        log.warn({ ...facts, retry_ms: failure.retryAfterMs }, 'telegram wants fewer messages');
      } else if (failure.kind === 'bad_request' && (await knowsChat(work.chat_id))) {
        idPauses.add(work.id, timings.refusedMs);
        log.error({ ...facts, reason }, 'telegram does not take this card');
      } else {
        chatPauses.add(work.chat_id, timings.refusedMs);
        log.error({ ...facts, reason }, 'telegram refuses the token or the chat');
      }
      return true;
    },
  };

  // When even that is not answered, the chat is to blame for now.
  function knowsChat(chatId: string): Promise<boolean> {
    return messages.knowsChat(chatId).catch(() => false);
  }
}
