import { setTimeout as delay } from 'node:timers/promises';
import { GrammyError } from 'grammy';
import { AppError, UnavailableError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { redact } from '@actp/shared/redact';
import type { Lease } from '../../polling/lease.ts';
import { failureOf } from '../../telegram/failure.ts';
import { createOutageLog } from '../outage-log.ts';
import type { Work } from '../register.ts';
import { createPauses } from './pauses.ts';
import type { Serve, ServeDeps } from './serve.ts';
import { createCardDelivery } from './deliver-card.ts';
import { createCardEdit } from './edit-card.ts';
import { createReminder } from './remind.ts';

export interface DeskTimings {
  /** Pause between two messages to one chat: Telegram takes about one a second. */
  gapMs: number;
  /** First pause after a failure; doubled each time. */
  retryMs: number;
  /** The longest pause: how soon cards come after Telegram has returned. */
  maxRetryMs: number;
  /** For a chat that Telegram refuses, and for an approval whose card it does not take. */
  refusedMs: number;
  /** How soon to try again while another copy is at work. */
  busyMs: number;
}

export const deskTimings: DeskTimings = {
  gapMs: 1_000,
  retryMs: 1_000,
  maxRetryMs: 5_000,
  refusedMs: 60_000,
  busyMs: 200,
};

export interface Desk {
  /** Soon does everything that is due, whoever else is at it. */
  wake(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Ends after the message under way. */
  stop(): Promise<void>;
}

export interface DeskDeps extends Omit<ServeDeps, 'turn'> {
  /** One copy serves at a time: no card is sent twice side by side. */
  lease: Lease;
  log: Logger;
  timings: DeskTimings;
}

// Few, so that what became more urgent meanwhile comes soon.
const batch = 5;
// How often a copy that was woken asks again while another is at work; then that one has seen it, or the next sweep does.
const patience = 5;

/** This copy may not go on: it stops, or another has the lease. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Does what the database says is due about cards: sends, edits, reminds. It keeps nothing that matters: whatever is lost
 * here is due again.
 */
export function createDesk(deps: DeskDeps): Desk {
  const { register, messages, chats, lease, log, timings } = deps;
  const now = () => performance.now();
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const chatPauses = createPauses(now);
  const idPauses = createPauses(now);
  const lastSent = new Map<string, number>();
  const outage = createOutageLog(log, 'cards wait: the database does not answer');
  let failures = 0;
  let notBefore = 0;
  let wanted = false;
  let running: Promise<void> | undefined;

  async function turn(chatId: string): Promise<void> {
    const left = (lastSent.get(chatId) ?? -Infinity) + timings.gapMs - now();
    if (left > 0) await delay(left, undefined, { signal: stopped }).catch(() => undefined);
    if (stopped.aborted || !(await lease.acquire())) throw new Interrupted();
    lastSent.set(chatId, now());
  }

  const serveDeps = { ...deps, turn };
  const delivery = createCardDelivery(serveDeps);
  const serve: Record<Work['kind'], Serve> = {
    deliver: delivery.deliver,
    edit: createCardEdit(serveDeps),
    remind: createReminder(serveDeps),
  };

  async function round(): Promise<'idle' | 'busy' | 'later'> {
    if (notBefore > now()) return 'later';
    let due = await look();
    if (due.length === 0) return 'idle';
    if (!(await lease.acquire())) return 'busy';
    try {
      await delivery.tellUntold();
      // Asked again: what was due may have been served by the copy that had the lease before us.
      for (due = await look(); due.length > 0; due = await look()) {
        for (const work of due) if (!(await attempt(work))) return 'later';
      }
      return 'idle';
    } catch (error) {
      if (error instanceof Interrupted) return 'busy';
      throw error;
    } finally {
      await lease.release();
    }
  }

  function look(): Promise<Work[]> {
    return register.due({
      chatId: chats.main,
      withoutChats: chatPauses.keys(),
      withoutIds: idPauses.keys(),
      limit: batch,
    });
  }

  /** False when nothing else can be served now either. */
  async function attempt(work: Work): Promise<boolean> {
    const facts = { approval_id: work.id, kind: work.kind, chat_id: work.chat_id };
    try {
      const did = await serve[work.kind](work.id);
      failures = 0;
      if (did) log.info(facts, 'card');
      // Things changed since it was found; should it be found again at once, others come first.
      else idPauses.add(work.id, timings.busyMs);
      return true;
    } catch (error) {
      return recover(work, error, facts);
    }
  }

  async function recover(work: Work, error: unknown, facts: object): Promise<boolean> {
    const ofTelegram = error instanceof UnavailableError && error.part === 'Telegram';
    if (!ofTelegram && !(error instanceof GrammyError)) {
      // The database's failures concern everything; any other concerns this approval alone.
      if (error instanceof AppError || error instanceof Interrupted) throw error;
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
      log[failures === 1 ? 'warn' : 'debug']({ ...facts, reason, retry_ms: ms }, 'telegram did not take the card');
      return false;
    }
    if (failure.kind === 'limited') {
      chatPauses.add(work.chat_id, failure.retryAfterMs);
      log.warn({ ...facts, retry_ms: failure.retryAfterMs }, 'telegram wants fewer messages');
      return true;
    }
    if (failure.kind === 'bad_request' && (await messages.knowsChat(work.chat_id))) {
      idPauses.add(work.id, timings.refusedMs);
      log.error({ ...facts, reason }, 'telegram does not take this card');
      return true;
    }
    chatPauses.add(work.chat_id, timings.refusedMs);
    log.error({ ...facts, reason }, 'telegram refuses the token or the chat');
    return true;
  }

  async function run(): Promise<void> {
    for (let left = patience; wanted && !stopped.aborted; ) {
      wanted = false;
      try {
        const end = await round();
        outage.fine();
        if (end !== 'busy' || left === 0) continue;
        left -= 1;
        wanted = true;
        await delay(timings.busyMs, undefined, { signal: stopped }).catch(() => undefined);
      } catch (error) {
        outage.failed(error);
      }
    }
  }

  const desk: Desk = {
    wake() {
      wanted = true;
      running ??= run().finally(() => {
        running = undefined;
        // Woken between its last look and now.
        if (wanted && !stopped.aborted) desk.wake();
      });
    },
    settled: async () => running,
    async stop() {
      stopping.abort();
      await running;
    },
  };
  return desk;
}
