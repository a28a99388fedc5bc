import { ChildProcess } from 'node:child_process';
import { expect, it, vi } from 'vitest';
import { createHeartbeatCounter, heartbeatLimits, watchHeartbeats } from './heartbeats.ts';

const times = (count: number, what: () => boolean) => Array.from({ length: count }, what);

it('[TRU-007] an app hangs after a minute without a heartbeat, and not before', () => {
  const counter = createHeartbeatCounter(heartbeatLimits);
  counter.beat();
  const minute = 60_000 / heartbeatLimits.checkMs;
  expect(times(minute, counter.check)).not.toContain(true);
  expect(counter.check()).toBe(true);
});

it('[TRU-007] an app that is busy, and answers now and then, does not hang', () => {
  const counter = createHeartbeatCounter(heartbeatLimits);
  for (let round = 0; round < 100; round += 1) {
    counter.beat();
    expect(times(heartbeatLimits.missed, counter.check)).not.toContain(true);
  }
});

it('an app has longer for its first one', () => {
  const counter = createHeartbeatCounter(heartbeatLimits);
  expect(times(heartbeatLimits.missedAtStart, counter.check)).not.toContain(true);
  expect(counter.check()).toBe(true);
});

it('an app that has ended is not said to hang', () => {
  vi.useFakeTimers();
  try {
    const child = new ChildProcess();
    let hung = 0;
    watchHeartbeats(child, { checkMs: 10, missed: 1, missedAtStart: 1 }, () => (hung += 1));
    child.emit('exit', 0, null);
    vi.advanceTimersByTime(1_000);
    expect(hung).toBe(0);
    watchHeartbeats(child, { checkMs: 10, missed: 1, missedAtStart: 1 }, () => (hung += 1));
    vi.advanceTimersByTime(1_000);
    expect(hung).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
