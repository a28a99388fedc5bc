import { describe, expect, it } from 'vitest';
import { fewAtATime } from './few-at-a-time.ts';

/** Work that ends when it is told to. */
function openWork() {
  const begun: number[] = [];
  const ends: Array<() => void> = [];
  const work = async (n: number) => {
    begun.push(n);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (n === 13) throw new Error('failed');
    return n;
  };
  return { work, begun, end: () => ends.shift()?.() };
}

describe('a few at a time', () => {
  it('are under way, the others in their order, also after one that failed', async () => {
    const { work, begun, end } = openWork();
    const call = fewAtATime(work, { most: 2, waitMs: 600_000, part: 'it' });
    const failed = call(13).catch(() => 'failed');
    const [one, two, three] = [call(1), call(2), call(3)];
    await Promise.resolve();
    expect(begun).toEqual([13, 1]);
    end();
    expect(await failed).toBe('failed');
    end();
    expect(await one).toBe(1);
    expect(begun).toEqual([13, 1, 2, 3]);
    end();
    end();
    expect(await Promise.all([two, three])).toEqual([2, 3]);
    const last = call(4);
    await Promise.resolve();
    end();
    expect(await last).toBe(4);
  });

  it('does not call whose turn has not come in time', async () => {
    const { work, begun, end } = openWork();
    const call = fewAtATime(work, { most: 1, waitMs: 0, part: 'the place' });
    const first = call(1);
    await expect(call(2)).rejects.toMatchObject({ code: 'unavailable', message: 'the place is unavailable' });
    end();
    expect(await first).toBe(1);
    expect(begun).toEqual([1]);
  });

  it('gives the place to who comes later, when who waited has given up', async () => {
    const { work, begun, end } = openWork();
    const call = fewAtATime(work, { most: 1, waitMs: 0, part: 'the place' });
    const first = call(1);
    await expect(call(2)).rejects.toMatchObject({ code: 'unavailable' });
    end();
    await first;
    const later = call(3);
    await Promise.resolve();
    end();
    expect(await later).toBe(3);
    expect(begun).toEqual([1, 3]);
  });
});
