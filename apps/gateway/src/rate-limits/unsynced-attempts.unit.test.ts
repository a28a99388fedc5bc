import { describe, expect, it } from 'vitest';
import { createUnsent } from './unsynced-attempts.ts';

/** Sends to a Redis that takes everything, or nothing. */
function open({ takes = true } = {}) {
  const state = { takes };
  const told: string[] = [];
  const unsent = createUnsent({
    async add(key, windowMs, attempts) {
      told.push(`${key} ${windowMs} ${attempts.map(({ id }) => id).join(',')}`);
      return state.takes;
    },
  });
  return { unsent, told, state };
}
const minute = 60_000;

describe('attempts that Redis may not know of', () => {
  it('are told once, all of a key together', async () => {
    const { unsent, told } = open();
    unsent.note('x', minute, '1');
    unsent.note('x', minute, '2');
    unsent.note('y', 2 * minute, '3');
    await unsent.send();
    expect(told).toEqual(['x 60000 1,2', 'y 120000 3']);
    await unsent.send();
    expect(told).toHaveLength(2);
  });

  it('are told again when Redis did not take them, with those that came meanwhile', async () => {
    const { unsent, told, state } = open({ takes: false });
    unsent.note('x', minute, '1');
    const sent = unsent.send();
    unsent.note('x', minute, '2');
    await sent;
    state.takes = true;
    await unsent.send();
    await unsent.send();
    expect(told.map((one) => one.split(' ').at(-1)?.split(',').toSorted())).toEqual([['1'], ['1', '2']]);
  });

  it('are told no more once they do not count', async () => {
    const { unsent, told } = open({ takes: false });
    unsent.note('x', 0, '1');
    await unsent.send();
    await unsent.send();
    expect(told).toEqual(['x 0 1']);
  });

  it('are told no more once their key is forgotten', async () => {
    const { unsent, told } = open();
    unsent.note('x', minute, '1');
    unsent.note('y', minute, '2');
    unsent.forget('x');
    await unsent.send();
    expect(told).toEqual(['y 60000 2']);
  });

  it('are told with when they were made', async () => {
    const times: number[] = [];
    const unsent = createUnsent({
      async add(_key, _windowMs, attempts) {
        times.push(...attempts.map(({ at }) => at));
        return true;
      },
    });
    const before = performance.now();
    unsent.note('x', minute, '1');
    const after = performance.now();
    await unsent.send();
    expect(times[0]).toBeGreaterThanOrEqual(before);
    expect(times[0]).toBeLessThanOrEqual(after);
  });

  it('are waited for, also those of an earlier turn', async () => {
    const answers: Array<(taken: boolean) => void> = [];
    const unsent = createUnsent({
      add: () => new Promise((resolve) => answers.push(resolve)),
    });
    const ended: string[] = [];
    unsent.note('x', minute, '1');
    const first = unsent.send().then(() => ended.push('first'));
    const nothingNew = unsent.send().then(() => ended.push('nothing new'));
    unsent.note('y', minute, '2');
    const second = unsent.send().then(() => ended.push('second'));
    answers[1]?.(true);
    await new Promise(setImmediate);
    expect(ended).toEqual([]);
    answers[0]?.(true);
    await Promise.all([first, nothingNew, second]);
    expect(ended).toHaveLength(3);
  });
});
