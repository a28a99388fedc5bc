import type { Step } from '@actp/embedded/stack-env';
import type { ConsoleOutput } from './console-output.ts';

const redrawMs = 200;

/**
 * Shows what is being done and how long each step took: `Applying migrations ... 1.2 s`.
 *
 * @returns a step, named by what it does
 */
export function createProgress(output: ConsoleOutput, now: () => number = () => performance.now()): Step {
  const running = new Map<string, number>();
  const redraw = () => {
    const [first] = running;
    if (first !== undefined) output.progress(text(first[0], now() - first[1]));
  };
  return async (name, run) => {
    const begun = now();
    running.set(name, begun);
    redraw();
    const timer = setInterval(redraw, redrawMs);
    try {
      const result = await run();
      running.delete(name);
      output.say(text(name, now() - begun));
      redraw();
      return result;
    } finally {
      running.delete(name);
      clearInterval(timer);
    }
  };
}

function text(name: string, elapsedMs: number): string {
  return `${name} ... ${(elapsedMs / 1000).toFixed(1)} s`;
}
