import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Keeps this thread busy for so many milliseconds of the processor. */
function work(ms: number): void {
  const { user, system } = process.threadCpuUsage();
  for (;;) {
    const now = process.threadCpuUsage();
    if (now.user + now.system - user - system > ms * 1_000) return;
  }
}

describe('pieces of work', () => {
  it('go on one in each turn of the event loop', async () => {
    const turn = createTurns();
    const done: string[] = [];
    const pieces = [1, 2, 3].map((n) => turn().then(() => done.push(`piece ${n}`)));
    const beside = async () => {
      for (const n of [1, 2, 3]) {
        await nextTurn();
        done.push(`turn ${n}`);
      }
    };
    await Promise.all([...pieces, beside()]);
    for (const n of [1, 2]) expect(done.indexOf(`turn ${n}`)).toBeLessThan(done.indexOf(`piece ${n + 1}`));
  });

  it('that take long leave others many turns before the next one', async () => {
    const turn = createTurns();
    const over = new AbortController();
    let turns = 0;
    const seen: number[] = [];
    const beside = async () => {
      while (!over.signal.aborted) {
        await nextTurn();
        turns += 1;
      }
    };
    const pieces = [1, 2, 3].map(async () => {
      await turn();
      seen.push(turns);
      work(60);
    });
    await Promise.all([Promise.all(pieces).finally(() => over.abort()), beside()]);
    const [first = 0, second = 0, third = 0] = seen;
    expect(second - first).toBeGreaterThan(5);
    expect(third - second).toBeGreaterThan(5);
  });
});
