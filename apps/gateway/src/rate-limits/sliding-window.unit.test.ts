import { describe, expect, it } from 'vitest';
import { createSlidingWindow } from './sliding-window.ts';

const windowMs = 1_000;

/** Attempts at these times, each said to be let through or not. */
function attempts(limit: number, times: readonly number[]): boolean[] {
  let now = 0;
  const window = createSlidingWindow({ now: () => now });
  return times.map((at) => {
    now = at;
    return window.hit('k', limit, windowMs).allowed;
  });
}

describe('a sliding window', () => {
  it('lets through the limit and no more, until the oldest has left', () => {
    expect(attempts(2, [0, 10, 20, 999, 1_000, 1_005, 1_010])).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  it('never holds more than the limit in any span, also not across the edge of two windows', () => {
    // A burst at the end of one window and at the begin of the next, again and again.
    const times = Array.from({ length: 400 }, (_, i) => Math.floor(i / 20) * 500 + (i % 20));
    const passed = times.filter((_, i) => attempts(7, times)[i]);
    expect(passed.length).toBeGreaterThan(60);
    for (const [i, at] of passed.entries()) {
      expect((passed[i + 7] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(windowMs);
    }
  });

  it('says how many are used and when there is room', () => {
    let now = 0;
    const window = createSlidingWindow({ now: () => now });
    expect(window.hit('k', 2, windowMs)).toEqual({ allowed: true, used: 1, roomInMs: 1_000 });
    now = 400;
    expect(window.peek('k', 2, windowMs)).toEqual({ allowed: true, used: 2, roomInMs: 600 });
    expect(window.hit('k', 2, windowMs)).toEqual({ allowed: true, used: 2, roomInMs: 600 });
    expect(window.hit('k', 2, windowMs)).toEqual({ allowed: false, used: 3, roomInMs: 600 });
    window.undo('k');
    expect(window.hit('k', 2, windowMs).allowed).toBe(true);
    window.forget('k');
    expect(window.peek('k', 2, windowMs)).toEqual({ allowed: true, used: 1, roomInMs: 1_000 });
  });

  it('says when there are too many keys', () => {
    const window = createSlidingWindow({ maxKeys: 2 });
    for (const key of ['a', 'b']) window.hit(key, 1, windowMs);
    expect(['a', 'b', 'c'].map((key) => window.hasRoomFor(key))).toEqual([true, true, false]);
    window.forget('a');
    expect(window.hasRoomFor('c')).toBe(true);
  });

  it('forgets keys whose attempts have all left', () => {
    let now = 0;
    const window = createSlidingWindow({ maxKeys: 1, now: () => now });
    window.hit('a', 1, windowMs);
    now = 1_000;
    window.sweep();
    expect(window.hasRoomFor('b')).toBe(true);
    window.hit('b', 1, windowMs);
    expect(window.hit('b', 1, windowMs).allowed).toBe(false);
    expect(window.peek('a', 1, windowMs).allowed).toBe(true);
  });

  it('keeps what has not left when it forgets the rest', () => {
    let now = 0;
    const window = createSlidingWindow({ now: () => now });
    for (now = 0; now < 100; now += 1) window.hit('k', 100, windowMs);
    now = 999;
    window.sweep();
    expect(window.peek('k', 100, windowMs)).toEqual({ allowed: false, used: 101, roomInMs: 1 });
    now = 1_080;
    expect(window.hit('k', 100, windowMs)).toEqual({ allowed: true, used: 20, roomInMs: 1 });
    expect(window.peek('k', 100, windowMs)).toEqual({ allowed: true, used: 21, roomInMs: 1 });
    now = 1_099;
    expect(window.peek('k', 100, windowMs)).toEqual({ allowed: true, used: 2, roomInMs: 981 });
  });

  it('takes back what is in the window, and nothing else', () => {
    let now = 0;
    const window = createSlidingWindow({ now: () => now });
    window.undo('nobody');
    expect(window.hit('nobody', 1, windowMs).allowed).toBe(true);
    window.hit('k', 1, windowMs);
    now = 1_000;
    window.peek('k', 1, windowMs);
    window.undo('k');
    expect(window.hit('k', 1, windowMs)).toMatchObject({ allowed: true, used: 1 });
    expect(window.hit('k', 1, windowMs)).toMatchObject({ allowed: false, used: 2 });
  });

  it('goes by a clock of its own where none is given', () => {
    const window = createSlidingWindow();
    // The clock counts in fractions of a millisecond.
    expect(window.hit('k', 1, 60_000).roomInMs).toBeCloseTo(60_000, 6);
    expect(window.hit('k', 1, 60_000).roomInMs).toBeGreaterThan(0);
    expect(window.hit('k', 1, 60_000).allowed).toBe(false);
  });
});
