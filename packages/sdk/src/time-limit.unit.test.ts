import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { delay, withTimeLimit } from './time-limit.ts';

const minute = 60_000;
const late = () => new Error('late');
const never = () => new Promise<never>(() => undefined);

describe('work with a time limit', () => {
  it('gives what it gives, and leaves nothing on the signal of the caller', async () => {
    const { signal } = new AbortController();
    for (let n = 0; n < 3; n += 1)
      expect(await withTimeLimit(minute, late, signal, () => Promise.resolve(n))).toBe(n);
    await expect(withTimeLimit(minute, late, signal, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('fails when its time is over, whether or not it heeds its signal', async () => {
    let told: unknown;
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => (told = signal.reason));
      return never();
    };
    await expect(withTimeLimit(5, late, undefined, work)).rejects.toThrow('late');
    expect(told).toEqual(new Error('late'));
  });

  it('fails with the reason of the caller, who may have given up before', async () => {
    const ending = new AbortController();
    const working = withTimeLimit(minute, late, ending.signal, never);
    ending.abort(new Error('enough'));
    await expect(working).rejects.toThrow('enough');
    let begun = false;
    const again = withTimeLimit(minute, late, ending.signal, () => Promise.resolve((begun = true)));
    await expect(again).rejects.toThrow('enough');
    expect(begun).toBe(false);
  });
});

describe('a pause', () => {
  it('ends, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController();
    await delay(1, signal);
    await delay(1, undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends at once with the reason of the signal', async () => {
    const ending = new AbortController();
    const pause = delay(minute, ending.signal);
    ending.abort(new Error('enough'));
    await expect(pause).rejects.toThrow('enough');
    await expect(delay(minute, ending.signal)).rejects.toThrow('enough');
  });
});
