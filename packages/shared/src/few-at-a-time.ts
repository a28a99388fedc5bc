import { UnavailableError } from './errors.ts';

export interface FewAtATimeOptions {
  most: number;
  /** How long one may wait for its turn. */
  waitMs: number;
  /** What is unavailable when its turn does not come. */
  part: string;
}

/**
 * Lets so many calls be under way at a time; others wait for their turn, in order. So a flood of one kind of call leaves connections
 * for all others.
 *
 * @throws UnavailableError when its turn does not come in time; then nothing was called
 */
export function fewAtATime<A extends readonly unknown[], R>(
  work: (...args: A) => Promise<R>,
  { most, waitMs, part }: FewAtATimeOptions,
): (...args: A) => Promise<R> {
  const waiting = new Set<() => void>();
  let underWay = 0;

  // The place is handed on, so that nobody who comes later gets it first.
  function leave(): void {
    const [next] = waiting;
    if (next === undefined) underWay -= 1;
    else next();
  }

  function turn(): Promise<void> {
    if (underWay < most) {
      underWay += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(late);
        waiting.delete(go);
        resolve();
      };
      const late = setTimeout(() => {
        waiting.delete(go);
        reject(new UnavailableError(part));
      }, waitMs);
      waiting.add(go);
    });
  }

  return async (...args) => {
    await turn();
    try {
      return await work(...args);
    } finally {
      leave();
    }
  };
}
