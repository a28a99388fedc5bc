import { seconds, type Report } from './report.ts';
import type { Chapter } from './step.ts';

/**
 * Runs the steps in their order; the first that does not hold is the last, since later ones build on earlier ones.
 *
 * @returns whether all hold
 * @throws the reason of the signal
 */
export async function runChapters(
  chapters: readonly Chapter[],
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  const begun = performance.now();
  const total = chapters.reduce((sum, { steps }) => sum + steps.length, 0);
  let passed = 0;
  for (const { title, steps } of chapters) {
    report.chapter(title);
    for (const { name, run } of steps) {
      try {
        report.passed(name, await orAborted(run(), signal));
        passed += 1;
      } catch (error) {
        signal.throwIfAborted();
        const why = error instanceof Error ? error.message : String(error);
        report.failed(name, why);
        report.say(
          `\nFailed: ${title}, ${name}. ${passed} of ${total} steps passed, ${total - passed - 1} were not run.`,
        );
        return false;
      }
    }
  }
  report.say(`\nAll ${total} steps passed (${seconds(begun)}).`);
  return true;
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
  });
}
