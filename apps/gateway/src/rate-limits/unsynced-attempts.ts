import type { Attempt, SharedCounts } from './shared-counts.ts';

/** Attempts that this process has let through and Redis may not know of. */
export interface Unsent {
  note(key: string, windowMs: number, id: string): void;
  forget(key: string): void;
  /**
   * Tells Redis, all in one turn and on the one connection: what is asked of it afterwards is answered with this in mind. What it
   * does not take is kept for the next time, as long as it counts. Resolves when all that was sent so far is answered.
   */
  send(): Promise<void>;
}

interface OfKey {
  windowMs: number;
  attempts: Attempt[];
}

export function createUnsent(shared: Pick<SharedCounts, 'add'>): Unsent {
  let waiting = new Map<string, OfKey>();
  let underWay: Promise<unknown> = Promise.resolve();

  const keep = (key: string, windowMs: number, attempts: readonly Attempt[]) => {
    const known = waiting.get(key);
    if (known) known.attempts.push(...attempts);
    else waiting.set(key, { windowMs, attempts: [...attempts] });
  };

  async function tell(key: string, { windowMs, attempts }: OfKey): Promise<void> {
    if (await shared.add(key, windowMs, attempts)) return;
    const now = performance.now();
    const fresh = attempts.filter(({ at }) => now - at < windowMs);
    if (fresh.length > 0) keep(key, windowMs, fresh);
  }

  return {
    note: (key, windowMs, id) => keep(key, windowMs, [{ id, at: performance.now() }]),
    forget: (key) => void waiting.delete(key),
    async send() {
      if (waiting.size > 0) {
        const all = waiting;
        waiting = new Map();
        underWay = Promise.all([underWay, ...[...all].map(([key, one]) => tell(key, one))]);
      }
      await underWay;
    },
  };
}
