import { describe, expect, it } from 'vitest';
import { PlaneHeldError } from '@actp/shared/errors';
import { createKillSwitchCache } from './cache.ts';

function openCache() {
  let time = 0;
  let asked = 0;
  let away = false;
  let slow: Promise<void> | undefined;
  const cache = createKillSwitchCache(
    () => {
      asked += 1;
      const answer = asked;
      return (slow ?? Promise.resolve()).then(() => (away ? Promise.reject(new Error('away')) : answer));
    },
    () => time,
  );
  return {
    assert: () => cache.read(),
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
    const cache = openCache();
    await Promise.all(Array.from({ length: 50 }, cache.assert));
    expect(cache.asked()).toBe(1);
    cache.pass(99);
    await cache.assert();
    expect(cache.asked()).toBe(1);
  });

  it('is asked again before the answer is too old', async () => {
    const cache = openCache();
    await cache.assert();
    cache.pass(150);
    await cache.assert();
    expect(cache.asked()).toBe(2);
  });

  it('is not believed after a quarter of a second, nor after a failure', async () => {
    const cache = openCache();
    await cache.assert();
    cache.set('away');
    cache.pass(250);
    await expect(cache.assert()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(cache.assert()).rejects.toMatchObject({ code: 'unavailable' });
    cache.set('there');
    await cache.assert();
  });

  it('says what the database said last', async () => {
    const cache = openCache();
    expect(await cache.assert()).toBe(1);
    cache.pass(99);
    expect(await cache.assert()).toBe(1);
    cache.pass(200);
    expect(await cache.assert()).toBe(2);
  });

  it('does not believe an answer that was under way for nearly a second', async () => {
    const cache = openCache();
    const release = cache.hold();
    const answer = cache.assert();
    cache.pass(901);
    release();
    // The second answer, at once.
    expect(await answer).toBe(2);
    const releaseAgain = cache.hold();
    cache.pass(300);
    const other = cache.assert();
    cache.set('away');
    cache.pass(901);
    releaseAgain();
    await expect(other).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends as soon as a question in between fails', async () => {
    const cache = openCache();
    await cache.assert();
    cache.set('away');
    cache.pass(150);
    await cache.assert();
    await new Promise(setImmediate);
    cache.pass(1);
    await expect(cache.assert()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

/** Questions that the test answers one by one. */
function openByHand() {
  let time = 0;
  const questions: Array<PromiseWithResolvers<string>> = [];
  const cache = createKillSwitchCache(
    () => {
      const question = Promise.withResolvers<string>();
      questions.push(question);
      return question.promise;
    },
    () => time,
  );
  return { cache, questions, pass: (ms: number) => (time += ms) };
}

describe('a switch that has changed', () => {
  it('is asked for by everybody who comes after that, though an older answer is fresh', async () => {
    const { cache, questions } = openByHand();
    const before = cache.read();
    questions[0]?.resolve('none');
    expect(await before).toBe('none');
    cache.invalidate();
    const after = cache.read();
    expect(questions).toHaveLength(2);
    questions[1]?.resolve('all');
    expect(await after).toBe('all');
  });

  it('is not hidden by an answer to a question from before, which comes later', async () => {
    const { cache, questions } = openByHand();
    const before = cache.read();
    cache.invalidate();
    const after = cache.read();
    questions[0]?.resolve('none');
    expect(await before).toBe('none');
    // Who comes now shares the question that was asked after the change.
    const later = cache.read();
    expect(questions).toHaveLength(2);
    questions[1]?.resolve('all');
    expect(await Promise.all([after, later, cache.read()])).toEqual(['all', 'all', 'all']);
    expect(questions).toHaveLength(2);
  });
});

describe('a question', () => {
  it('is tried twice before the database counts as away, and says why', async () => {
    const { cache, questions } = openByHand();
    const read = cache.read();
    const cause = new Error('reset');
    questions[0]?.reject(new Error('first'));
    await new Promise(setImmediate);
    questions[1]?.reject(cause);
    await expect(read).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the database is unavailable',
      cause,
    });
    expect(questions).toHaveLength(2);
  });

  it('is not tried again where the plane is held, which is told as it is', async () => {
    const { cache, questions } = openByHand();
    const read = cache.read();
    const held = new PlaneHeldError('rows are missing', { passing: false });
    questions[0]?.reject(held);
    await expect(read).rejects.toBe(held);
    expect(questions).toHaveLength(1);
  });

  it('may be under way for 900 ms, of which its answer is as old', async () => {
    const { cache, questions, pass } = openByHand();
    const read = cache.read();
    pass(900);
    questions[0]?.resolve('none');
    expect(await read).toBe('none');
    // Too old for the next one.
    void cache.read();
    expect(questions).toHaveLength(2);
  });

  it('is asked again after a tenth of a second, while the last answer still counts', async () => {
    const { cache, questions, pass } = openByHand();
    const read = cache.read();
    questions[0]?.resolve('none');
    await read;
    pass(99);
    expect(await cache.read()).toBe('none');
    expect(questions).toHaveLength(1);
    pass(1);
    expect(await cache.read()).toBe('none');
    expect(await cache.read()).toBe('none');
    expect(questions).toHaveLength(2);
  });
});
