import type { Logger } from '@actp/shared/log';
import type { Lease } from '@actp/services/leases/lease';
import type { ChatMoves } from '../../telegram/chat-moves.ts';
import { failureOf } from '../../telegram/failure.ts';
import type { Pacer, Turn, Urgency } from '../../telegram/pacer.ts';
import type { Refusals } from '../../telegram/refusals.ts';
import { createOutageLog } from '../outage-log.ts';
import type { Work } from '../register.ts';
import { createWoken, type Woken } from '../woken.ts';
import { createCardDelivery } from './deliver-card.ts';
import type { DeskTimings } from './desk-timings.ts';
import { createCardEdit } from './edit-card.ts';
import { createReminder } from './remind.ts';
import type { Serve, ServeDeps } from './serve.ts';
import { createSetbacks } from './setbacks.ts';

/** Woken, it does everything that is due about cards. */
export type Desk = Woken;

export interface DeskDeps extends Omit<ServeDeps, 'turn'> {
  moves: ChatMoves;
  refusals: Refusals;
  pacer: Pacer;
  /** One copy serves at a time: no card is sent twice side by side. */
  lease: Lease;
  log: Logger;
  timings: DeskTimings;
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
class NotYetItsTurn extends Error {
  override readonly name = 'NotYetItsTurn';
  readonly retryMs: number;

  constructor(retryMs: number) {
    super('not yet its turn');
    this.retryMs = retryMs;
  }
}

/**
 * Does what the database says is due about cards: sends, edits, reminds. It keeps nothing that matters: whatever is lost
 * here is due again.
 */
export function createDesk(deps: DeskDeps): Desk {
  const { register, chats, pacer, lease, log, timings } = deps;
  const now = () => performance.now();
  const setbacks = createSetbacks({ ...deps, now });
  // The turn of the message under way.
  let turn = noTurn;
  let busy = 0;

  const woken = createWoken(
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

  async function takeTurn(chatId: string, urgency: Urgency): Promise<void> {
    endTurn();
    turn = await pacer.turn(chatId, urgency, { patienceMs, signal: woken.stopped });
    if (woken.stopped.aborted) throw new Interrupted();
    if (!turn.ok) throw new NotYetItsTurn(turn.retryMs);
    if (!(await lease.acquire())) throw new Interrupted();
  }

  const serveDeps = { ...deps, turn: takeTurn };
  const delivery = createCardDelivery(serveDeps);
  const serve: Record<Work['kind'], Serve> = {
    deliver: delivery.deliver,
    edit: createCardEdit(serveDeps),
    remind: createReminder(serveDeps),
  };

  /** Questions to people first: Telegram takes few messages a minute, and the change of a card can wait. */
  async function look(): Promise<Work[]> {
    const query = { chatId: chats.main(), withoutIds: setbacks.ids(), limit: batch };
    const paused = setbacks.chats();
    const due = await register.due({ ...query, withoutChats: paused });
    if (due.every(({ kind }) => kind === 'deliver')) return due;
    const changes = [...chats.known()].flatMap((chatId) => [`edit:${chatId}`, `remind:${chatId}`]);
    const questions = await register.due({ ...query, withoutChats: [...paused, ...changes] });
    return questions.length > 0 ? questions : due;
  }

  /** False when another copy is at work. */
  async function round(): Promise<boolean> {
    if (setbacks.waiting()) return true;
    let due = await look();
    if (due.length === 0) return true;
    if (!(await lease.acquire())) return false;
    try {
      await delivery.tellUntold();
      // Asked again: what was due may have been served by the copy that had the lease before us.
      for (due = await look(); due.length > 0; due = await look()) {
        for (const work of due) {
          if (!setbacks.concerns(work) && !(await attempt(work))) return true;
        }
      }
      return true;
    } catch (error) {
      if (error instanceof Interrupted) return false;
      throw error;
    } finally {
      await lease.release();
    }
  }

  /** False when nothing else can be served now either. */
  async function attempt(work: Work): Promise<boolean> {
    try {
      const did = await serve[work.kind](work.id);
      endTurn();
      if (!did) {
        setbacks.skip(work.id);
        return true;
      }
      await setbacks.fine(work);
      log.info({ approval_id: work.id, kind: work.kind, chat_id: work.chat_id }, 'card');
      return true;
    } catch (error) {
      endTurn(error);
      if (error instanceof Interrupted) throw error;
      if (!(error instanceof NotYetItsTurn)) return setbacks.after(work, error);
      setbacks.postpone(work, error.retryMs);
      return true;
    }
  }

  return woken;
}
