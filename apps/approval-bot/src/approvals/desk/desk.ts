import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@actp/shared/log';
import type { Lease } from '@actp/services/leases/lease';
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
  /** One copy serves at a time: no card is sent twice side by side. */
  lease: Lease;
  log: Logger;
  timings: DeskTimings;
}

// Few, so that what became more urgent meanwhile comes soon.
const batch = 5;
// How often a copy asks again while another is at work; then that one has seen what is due, or the next sweep does.
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
  const { register, chats, lease, log, timings } = deps;
  const now = () => performance.now();
  const setbacks = createSetbacks({ ...deps, now });
  const lastSent = new Map<string, number>();
  let busy = 0;

  const woken = createWoken(
    async () => {
      const free = await round();
      busy = free ? 0 : (busy + 1) % (patience + 1);
      return busy === 0 ? undefined : timings.busyMs;
    },
    createOutageLog(log, 'cards wait: the database does not answer'),
  );

  async function turn(chatId: string): Promise<void> {
    const left = (lastSent.get(chatId) ?? -Infinity) + timings.gapMs - now();
    if (left > 0) await delay(left, undefined, { signal: woken.stopped }).catch(() => undefined);
    if (woken.stopped.aborted || !(await lease.acquire())) throw new Interrupted();
    lastSent.set(chatId, now());
  }

  const serveDeps = { ...deps, turn };
  const delivery = createCardDelivery(serveDeps);
  const serve: Record<Work['kind'], Serve> = {
    deliver: delivery.deliver,
    edit: createCardEdit(serveDeps),
    remind: createReminder(serveDeps),
  };

  function look(): Promise<Work[]> {
    return register.due({
      chatId: chats.main,
      withoutChats: setbacks.chats(),
      withoutIds: setbacks.ids(),
      limit: batch,
    });
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
        for (const work of due) if (!(await attempt(work))) return true;
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
      setbacks.fine();
      if (did) log.info({ approval_id: work.id, kind: work.kind, chat_id: work.chat_id }, 'card');
      else setbacks.skip(work.id);
      return true;
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      return setbacks.after(work, error);
    }
  }

  return woken;
}
