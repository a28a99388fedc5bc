import type { Update } from 'grammy/types';
import type { Signal } from './signal.ts';

export type UpdateContent = Omit<Update, 'update_id'>;

interface QueuedUpdate {
  update: Update;
  queuedAt: number;
}

const keptMs = 24 * 60 * 60 * 1000;
// What a bot gets that never named its `allowed_updates`.
const notByDefault: readonly string[] = ['chat_member', 'message_reaction', 'message_reaction_count'];

export type UpdateQueue = ReturnType<typeof createUpdateQueue>;

/** Updates that wait to be fetched, and everything that was ever made, for replays. */
export function createUpdateQueue(deps: { clock: () => number; changed: Signal; firstId: number }) {
  const { clock, changed } = deps;
  const made = new Map<number, Update>();
  let queue: QueuedUpdate[] = [];
  let again: Update[] = [];
  let nextId = deps.firstId;
  let allowed: readonly string[] = [];
  let held = false;

  const fresh = () => {
    queue = queue.filter(({ queuedAt }) => clock() - queuedAt < keptMs);
    return queue;
  };
  // An offset from the end counts back from the newest; one beyond the newest is ignored.
  const confirm = (offset: number) => {
    const from = offset < 0 ? nextId + offset : offset;
    if (from <= nextId) queue = fresh().filter(({ update }) => update.update_id >= from);
  };

  return {
    /** Adds an update, unless the bot asked not to get its kind; it has an id either way. */
    add(content: UpdateContent): Update {
      const update: Update = { ...content, update_id: nextId };
      nextId += 1;
      made.set(update.update_id, update);
      const type = Object.keys(content)[0] ?? '';
      if (allowed.length > 0 ? allowed.includes(type) : !notByDefault.includes(type)) {
        queue.push({ update, queuedAt: clock() });
        changed.emit();
      }
      return update;
    },
    /** Adds something of any form, whatever the bot asked for; it has an id unless it brings one of its own. */
    addOdd(content: Readonly<Record<string, unknown>>): void {
      const update = { update_id: nextId, ...content } as unknown as Update;
      nextId += 1;
      queue.push({ update, queuedAt: clock() });
      changed.emit();
    },
    /** Remembered until the next call that names a list; an empty one means the default. */
    setAllowed(types: readonly string[]): void {
      allowed = types;
    },
    allowed: () => allowed,
    /** Confirms what is older than `offset` and gives what a poll gets now, at most `limit`. */
    take(offset: number, limit: number): Update[] {
      if (offset !== 0) confirm(offset);
      if (held) return [];
      const repeated = again.splice(0, limit);
      const waiting = fresh().slice(0, limit - repeated.length);
      return [...repeated, ...waiting.map(({ update }) => update)];
    },
    /** Confirms one update, wherever it stands: how a webhook's 200 counts. */
    remove(updateId: number): void {
      queue = queue.filter(({ update }) => update.update_id !== updateId);
    },
    made: (): Update[] => [...made.values()],
    /** What a bot has not confirmed yet. */
    pending: (): Update[] => [...again, ...fresh().map(({ update }) => update)],
    clear(): void {
      queue = [];
      again = [];
    },
    /** Delivers an update once more whatever was confirmed: a duplicate, or a replay of an old one. */
    redeliver(updateId: number): Update {
      const update = made.get(updateId);
      if (!update) throw new Error(`There is no update ${updateId} to deliver again`);
      again.push(update);
      changed.emit();
      return update;
    },
    /** While held, nothing is delivered and nothing is lost. */
    hold(on: boolean): void {
      held = on;
      if (!on) changed.emit();
    },
  };
}
