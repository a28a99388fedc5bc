import { describe, expect, it } from 'vitest';
import { UnavailableError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import { triggerStartupRun } from './startup-trigger.ts';
import { retryWhileUnavailable } from './retry-while-unavailable.ts';

// Longer than any test may last: only the signal ends it.
const anHour = 3_600_000;
const never = () => new Promise<never>(() => undefined);

describe('stopping while a part is away', () => {
  it('does not sit out the pause between two attempts, and makes a last one', async () => {
    const stop = new AbortController();
    let attempts = 0;
    const waiting = retryWhileUnavailable(
      () => {
        attempts += 1;
        if (attempts === 1) setImmediate(() => stop.abort());
        return Promise.reject(new UnavailableError('the database'));
      },
      { signal: stop.signal, withinMs: Infinity, pauseMs: anHour },
    );
    await expect(waiting).rejects.toThrow('the database is unavailable');
    expect(attempts).toBe(2);
  });

  it('does not wait for Redis to take the start-up run', async () => {
    const stop = new AbortController();
    const producer: Producer = {
      add: never,
      use: never,
      ping: never,
      probe: never,
      isDurable: never,
      close: () => Promise.resolve(),
    };
    const waiting = triggerStartupRun(producer, 'a-start', stop.signal);
    stop.abort();
    await waiting;
    await triggerStartupRun(producer, 'a-start', stop.signal);
  });
});
