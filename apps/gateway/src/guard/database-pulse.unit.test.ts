import { describe, expect, it } from 'vitest';
import { createDatabasePulse } from './database-pulse.ts';

function openPulse() {
  let time = 0;
  let asked = 0;
  let away = false;
  let slow: Promise<void> | undefined;
  const pulse = createDatabasePulse(
    () => {
      asked += 1;
      const answer = asked;
      return (slow ?? Promise.resolve()).then(() => (away ? Promise.reject(new Error('away')) : answer));
    },
    () => time,
  );
  return {
    assert: () => pulse.read(),
    hold: () => {
      const held = Promise.withResolvers<void>();
      slow = held.promise;
      return () => {
        slow = undefined;
        held.resolve();
      };
    },
    pass: (ms: number) => {
      time += ms;
    },
    set: (state: 'away' | 'there') => {
      away = state === 'away';
    },
    asked: () => asked,
  };
}

describe('the pulse of the database', () => {
  it('is one question for many callers, and none while the answer is fresh', async () => {
    const pulse = openPulse();
    await Promise.all(Array.from({ length: 50 }, pulse.assert));
    expect(pulse.asked()).toBe(1);
    pulse.pass(99);
    await pulse.assert();
    expect(pulse.asked()).toBe(1);
  });

  it('is asked again before the answer is too old', async () => {
    const pulse = openPulse();
    await pulse.assert();
    pulse.pass(150);
    await pulse.assert();
    expect(pulse.asked()).toBe(2);
  });

  it('is not believed after a quarter of a second, nor after a failure', async () => {
    const pulse = openPulse();
    await pulse.assert();
    pulse.set('away');
    pulse.pass(250);
    await expect(pulse.assert()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(pulse.assert()).rejects.toMatchObject({ code: 'unavailable' });
    pulse.set('there');
    await pulse.assert();
  });

  it('says what the database said last', async () => {
    const pulse = openPulse();
    expect(await pulse.assert()).toBe(1);
    pulse.pass(99);
    expect(await pulse.assert()).toBe(1);
    pulse.pass(200);
    expect(await pulse.assert()).toBe(2);
  });

  it('does not believe an answer that was under way for nearly a second', async () => {
    const pulse = openPulse();
    const release = pulse.hold();
    const answer = pulse.assert();
    pulse.pass(901);
    release();
    // The second answer, at once.
    expect(await answer).toBe(2);
    const releaseAgain = pulse.hold();
    pulse.pass(300);
    const other = pulse.assert();
    pulse.set('away');
    pulse.pass(901);
    releaseAgain();
    await expect(other).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends as soon as a question in between fails', async () => {
    const pulse = openPulse();
    await pulse.assert();
    pulse.set('away');
    pulse.pass(150);
    await pulse.assert();
    await new Promise(setImmediate);
    pulse.pass(1);
    await expect(pulse.assert()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
