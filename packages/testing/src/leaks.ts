import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

// What a test file opens and has to close: servers, connections, child processes, and timers that keep a process alive.
const watched = new Set(['TCPServerWrap', 'TCPSocketWrap', 'PipeWrap', 'ProcessWrap', 'Timeout']);
// What was closed is gone a moment later; a slow machine needs more moments.
const patienceMs = 60_000;
const everyMs = 20;

/** What this process has open now, by kind. */
export function openResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/**
 * Waits until nothing more is open than before.
 *
 * @returns what stays open, for instance `2 TCPSocketWrap`; empty when all is closed
 */
export async function resourcesLeft(before: ReadonlyMap<string, number>): Promise<string[]> {
  closeIdleConnections();
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = [...openResources()].flatMap(([kind, count]) => {
      const more = count - (before.get(kind) ?? 0);
      return more > 0 ? [`${more} ${kind}`] : [];
    });
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(everyMs, undefined, { ref: false });
  }
}

/** A dispatcher of undici, as far as it is needed here. */
interface Dispatcher {
  destroy(): Promise<void>;
}
const dispatcherKey = Symbol.for('undici.globalDispatcher.1');

// fetch keeps connections open for a while, for the next request; they belong to nobody.
function closeIdleConnections(): void {
  const holder = globalThis as { [dispatcherKey]?: Dispatcher & { constructor: new () => Dispatcher } };
  const dispatcher = holder[dispatcherKey];
  if (dispatcher === undefined) return;
  const fresh = new dispatcher.constructor();
  Object.assign(holder, { [dispatcherKey]: fresh });
  void dispatcher.destroy();
}
