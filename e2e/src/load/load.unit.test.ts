import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runOpenLoop } from './open-loop.ts';
import { createRecorder } from './recorder.ts';
import { slopePerHour } from './slope.ts';

describe('[NEXT-007] the load', () => {
  it('goes on while answers are late, and counts from when a request was to be sent', async () => {
    const recorder = createRecorder();
    let open = 0;
    let most = 0;
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const sent = await runOpenLoop({
      rate: 200,
      seconds: 0.5,
      signal: new AbortController().signal,
      async send(intended) {
        open += 1;
        most = Math.max(most, open);
        if (most === 100) void delay(50).then(answer);
        await answered;
        recorder.record('a', performance.now() - intended);
      },
    });
    expect(sent).toBe(100);
    expect(most).toBe(100);
    const [figures] = recorder.figures();
    expect(figures).toMatchObject({ route: 'a', requests: 100, errors: {} });
    // The first was to be sent half a second before the last.
    expect(figures?.max).toBeGreaterThan(500);
    expect(figures?.p50).toBeGreaterThan(250);
  });

  it('stops when it is told', async () => {
    const stop = new AbortController();
    let sent = 0;
    await runOpenLoop({
      rate: 1_000,
      seconds: 1_000,
      signal: stop.signal,
      async send() {
        sent += 1;
        if (sent === 20) stop.abort();
      },
    });
    expect(sent).toBeLessThan(1_000_000);
  });

  it('counts errors by route and kind', () => {
    const recorder = createRecorder();
    recorder.record('b', 1);
    recorder.record('a', 2, '503');
    recorder.record('a', 3, '503');
    recorder.record('a', 4, 'ECONNRESET');
    expect(recorder.errors()).toBe(3);
    expect(recorder.figures()).toMatchObject([
      { route: 'a', requests: 3, errors: { '503': 2, ECONNRESET: 1 } },
      { route: 'b', requests: 1, errors: {} },
    ]);
  });

  it('knows how fast something grows', () => {
    const samples = [0, 1, 2, 3].map((minute) => ({ atMs: minute * 60_000, value: 100 + 5 * minute }));
    expect(slopePerHour(samples)).toBeCloseTo(300);
    expect(slopePerHour(samples.slice(0, 1))).toBe(0);
    expect(slopePerHour(samples.map(({ atMs }) => ({ atMs, value: 7 })))).toBeCloseTo(0);
  });
});
