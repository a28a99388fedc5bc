type Work = () => unknown;

const pending: Work[] = [];

/** Has something done when all tests of the file are done, the last first. May be called anywhere, also inside a test. */
export function atEnd(work: Work): void {
  pending.push(work);
}

/** Does what was left for the end; one failure keeps nothing else from being done. See clean-up.ts. */
export async function cleanUp(): Promise<void> {
  const failures: unknown[] = [];
  for (let work = pending.pop(); work; work = pending.pop()) {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'something was not cleaned up');
}
