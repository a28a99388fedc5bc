import { describe, expect, it } from 'vitest';
import { createDatabasePulse } from './database-pulse.ts';

function openPulse() {
  let time = 0;
  let asked = 0;
  let away = false;
  const pulse = createDatabasePulse(
    () => {
      asked += 1;
      return away ? Promise.reject(new Error('away')) : Promise.resolve();
    },
    () => time,
  );
  return {
    assert: () => pulse.assert(),
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

  it('ends as soon as a question in between fails', async () => {
    const pulse = openPulse();
    await pulse.assert();
    pulse.set('away');
    pulse.pass(150);
    await pulse.assert();
    await Promise.resolve();
    pulse.pass(1);
    await expect(pulse.assert()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
