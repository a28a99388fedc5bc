import { afterAll } from 'vitest';

type Work = () => unknown;

const pending: Work[] = [];

// Registered while the test file is being read; from inside a test it would be too late.
afterAll(async () => {
  const failures: unknown[] = [];
  for (let work = pending.pop(); work; work = pending.pop()) {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'something was not cleaned up');
});

/** Has something done when all tests of the file are done, the last first. May be called anywhere, also inside a test. */
export function atEnd(work: Work): void {
  pending.push(work);
}
