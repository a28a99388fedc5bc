import process from 'node:process';

// What ordinary batches take.
const unnoticedMs = 10;

// Of the processor: what this thread was not given is nobody's work here.
const usedMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Lets pieces of work that are not small go on one after the other, each in a turn of the event loop of its own, and leaves others
 * as much time after a long one as it took: what came meanwhile is answered in between, also when it needs several turns.
 */
export function createTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();

  /** Resolves when the piece that begins now is done, and others have had their time. */
  async function pieceAndRest(): Promise<void> {
    const begun = usedMs();
    await nextTurn();
    const late = usedMs() - begun - unnoticedMs;
    if (late > 0) await new Promise((resolve) => setTimeout(resolve, late));
  }

  return async () => {
    const mine = last.then(nextTurn);
    last = mine.then(pieceAndRest);
    await mine;
  };
}
