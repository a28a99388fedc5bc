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
type Known = Dispatcher & { constructor: new (inner?: Dispatcher) => Dispatcher };
/** Where undici keeps the dispatcher of all: its current versions under the second name, with something for earlier ones under the first. */
const current = Symbol.for('undici.globalDispatcher.2');
const legacy = Symbol.for('undici.globalDispatcher.1');
export interface DispatcherHolder {
  [current]?: Known;
  [legacy]?: Known;
}

/**
 * Ends the connections that fetch keeps open for a while, for the next request; they belong to nobody. Whichever undici was loaded first, that of Node or
 * the library, has set what fetch goes through: under the first name it may be a wrapper around the other one, which is made of one.
 */
export function closeIdleConnections(holder: DispatcherHolder = globalThis as DispatcherHolder): void {
  const [agent, earlier] = [holder[current], holder[legacy]];
  const fresh = agent && renewed(agent);
  if (fresh) Object.assign(holder, { [current]: fresh });
  if (earlier === undefined) return;
  if (earlier === agent) Object.assign(holder, { [legacy]: fresh });
  else if (earlier.constructor.length === 0) Object.assign(holder, { [legacy]: renewed(earlier) });
  else if (fresh) Object.assign(holder, { [legacy]: new earlier.constructor(fresh) });
}

function renewed(agent: Known): Dispatcher {
  void agent.destroy();
  return new agent.constructor();
}
