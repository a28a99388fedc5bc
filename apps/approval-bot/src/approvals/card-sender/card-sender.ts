import type { Logger } from '@actp/shared/log';
import type { Lease } from '@actp/services/leases/lease';
import type { ChatMoves } from '../../telegram/chat-moves.ts';
import { failureOf } from '../../telegram/failure.ts';
import type { ChatGreeter } from '../../telegram/greeter.ts';
import type { Pacer, Turn, Urgency } from '../../telegram/pacer.ts';
import type { Refusals } from '../../telegram/refusals.ts';
import { createOutageLog } from '@actp/shared/outage-log';
import type { CardWork } from '@actp/services/approvals/card-store';
import { createCoalescingLoop, type CoalescingLoop } from '@actp/shared/coalescing-loop';
import { createCardDelivery } from './deliver-card.ts';
import type { CardSenderTimings } from './card-sender-timings.ts';
import { createCardEdit } from './edit-card.ts';
import { createReminder } from './remind.ts';
import type { CardWorkHandler, CardWorkDeps } from './card-work.ts';
import { createSendBackoff } from './send-backoff.ts';

/** Does everything that is due about cards whenever it is woken. */
export type CardSender = CoalescingLoop;

export interface CardSenderDeps extends Omit<CardWorkDeps, 'turn'> {
  moves: ChatMoves;
  refusals: Refusals;
  pacer: Pacer;
  greeter: ChatGreeter;
  /** One copy serves at a time: no card is sent twice side by side. */
  lease: Lease;
  log: Logger;
  timings: CardSenderTimings;
}

// Few, so that what became more urgent meanwhile comes soon.
const batch = 5;
// A second is waited for; what takes longer must not hold up other chats.
const patienceMs = 2_000;
// How often a copy asks again while another is at work; then that one has seen what is due, or the next sweep does.
const patience = 5;

const noTurn: Turn = { ok: false, retryMs: 0 };

/** This copy may not go on: it stops, or another has the lease. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Telegram has taken as much in that chat as it takes for now. */
class TurnDeferred extends Error {
  override readonly name = 'TurnDeferred';
  readonly retryMs: number;

  constructor(retryMs: number) {
    super('turn deferred');
    this.retryMs = retryMs;
  }
}

/**
 * Does what the database says is due about cards: sends, edits, reminds. It keeps nothing that matters: whatever is lost
 * here is due again.
 */
export function createCardSender(deps: CardSenderDeps): CardSender {
  const { store, chats, pacer, greeter, lease, log, timings } = deps;
  const now = () => performance.now();
  const backoff = createSendBackoff({ ...deps, now });
  // The turn of the message under way.
  let turn = noTurn;
  let busy = 0;

  const loop = createCoalescingLoop(
    async () => {
      const free = await round();
      busy = free ? 0 : (busy + 1) % (patience + 1);
      return busy === 0 ? undefined : timings.busyMs;
    },
    createOutageLog(log, 'cards wait: the database is unavailable'),
  );

  /** @param error why the call failed; what Telegram asks to wait concerns everybody who writes to that chat */
  function endTurn(error?: unknown): void {
    const failure = error === undefined ? undefined : failureOf(error);
    if (turn.ok) turn.done(failure?.kind === 'limited' ? failure.retryAfterMs : undefined);
    turn = noTurn;
  }

  // A greeting is a message like any other, so it takes a turn of its own.
  async function takeTurn(chatId: string, urgency: Urgency): Promise<void> {
    if (await greeter.isDue(chatId)) {
      await takeOne(chatId, urgency);
      await greeter.greet(chatId);
    }
    await takeOne(chatId, urgency);
  }

  async function takeOne(chatId: string, urgency: Urgency): Promise<void> {
    endTurn();
    turn = await pacer.turn(chatId, urgency, { patienceMs, signal: loop.stopped });
    if (loop.stopped.aborted) throw new Interrupted();
    if (!turn.ok) throw new TurnDeferred(turn.retryMs);
    if (!(await lease.acquire())) throw new Interrupted();
  }

  const workDeps = { ...deps, turn: takeTurn };
  const delivery = createCardDelivery(workDeps);
  const handlers: Record<CardWork['kind'], CardWorkHandler> = {
    deliver: delivery.deliver,
    edit: createCardEdit(workDeps),
    remind: createReminder(workDeps),
  };

  /** Questions to people first: Telegram takes few messages a minute, and the change of a card can wait. */
  async function findDue(): Promise<CardWork[]> {
    const query = { chatId: chats.main(), withoutIds: backoff.ids(), limit: batch };
    const paused = backoff.chats();
    const due = await store.due({ ...query, withoutChats: paused });
    if (due.every(({ kind }) => kind === 'deliver')) return due;
    const changes = [...chats.known()].flatMap((chatId) => [`edit:${chatId}`, `remind:${chatId}`]);
    const questions = await store.due({ ...query, withoutChats: [...paused, ...changes] });
    return questions.length > 0 ? questions : due;
  }

  /** False when another copy is at work. */
  async function round(): Promise<boolean> {
    if (backoff.waiting()) return true;
    let due = await findDue();
    if (due.length === 0) return true;
    if (!(await lease.acquire())) return false;
    try {
      await delivery.flushUnacknowledged();
      // Asked again: what was due may have been served by the copy that had the lease before us.
      for (due = await findDue(); due.length > 0; due = await findDue()) {
        for (const work of due) {
          if (!backoff.concerns(work) && !(await attempt(work))) return true;
        }
      }
      return true;
    } catch (error) {
      if (error instanceof Interrupted) return false;
      throw error;
    } finally {
      // Another copy would send once more what only this one knows to be sent.
      if (!delivery.hasUnacknowledged()) await lease.release();
    }
  }

  /** False when nothing else can be served now either. */
  async function attempt(work: CardWork): Promise<boolean> {
    try {
      const did = await handlers[work.kind](work.id);
      endTurn();
      if (!did) {
        backoff.skip(work.id);
        return true;
      }
      await backoff.succeeded(work);
      log.info({ approval_id: work.id, kind: work.kind, chat_id: work.chat_id }, 'card');
      return true;
    } catch (error) {
      endTurn(error);
      if (error instanceof Interrupted) throw error;
      if (!(error instanceof TurnDeferred)) return backoff.failed(work, error);
      backoff.postpone(work, error.retryMs);
      return true;
    }
  }

  return {
    ...loop,
    async stop() {
      await loop.stop();
      if (!delivery.hasUnacknowledged()) return;
      await delivery.flushUnacknowledged().catch(() => undefined);
      // Whoever comes next need not wait for its end.
      await lease.release().catch(() => undefined);
    },
  };
}
