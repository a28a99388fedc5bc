import type { Logger } from './log.ts';

/**
 * Does something now and then again and again, one at a time; a failure is logged and tried at the next turn.
 *
 * @returns a function that ends it, and resolves when the turn under way is over
 */
export function repeat(
  log: Logger,
  everyMs: number | (() => number),
  work: () => Promise<unknown>,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const turn = async () => {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error }, 'this turn failed; the next one tries again');
    }
    if (!stopped) timer = setTimeout(start, typeof everyMs === 'number' ? everyMs : everyMs());
  };
  let current = Promise.resolve();
  const start = () => {
    current = turn();
  };
  start();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await current;
  };
}
