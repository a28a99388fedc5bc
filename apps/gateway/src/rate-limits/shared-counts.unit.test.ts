import { expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { away, createAnsweringRedis } from './answering-redis.fixture.ts';
import { createSharedCounts } from './shared-counts.ts';

function open() {
  const { redis, answers } = createAnsweringRedis();
  const levels: string[] = [];
  const write = (line: string) => void levels.push((JSON.parse(line) as { level: string }).level);
  const log = createLogger({ app: 'test', level: 'info', destination: { write } });
  return { counts: createSharedCounts(redis, log), answers, levels };
}

it('an attempt is allowed up to the limit, and nobody knows while Redis is away', async () => {
  const { counts, answers } = open();
  answers.count = () => [3, 7];
  expect(await counts.hit('x', 3, 60_000, 'a')).toEqual({ allowed: true, used: 3, roomInMs: 7 });
  expect(await counts.peek('x', 2, 60_000)).toEqual({ allowed: false, used: 3, roomInMs: 7 });
  expect(await counts.add('x', 60_000, [{ id: 'a', at: performance.now() }])).toBe(true);
  Object.assign(answers, { count: away, add: away, del: away });
  expect(await counts.hit('x', 3, 60_000, 'b')).toBeUndefined();
  expect(await counts.add('x', 60_000, [])).toBe(false);
  await counts.forget('x');
});

it('the end of shared counting is logged once, and its return once', async () => {
  const { counts, answers, levels } = open();
  const hit = () => counts.hit('x', 3, 60_000, 'a');
  await hit();
  expect(levels).toEqual([]);
  for (let time = 0; time < 2; time += 1) {
    answers.count = away;
    for (let i = 0; i < 3; i += 1) await hit();
    answers.count = () => [1, 1];
    for (let i = 0; i < 3; i += 1) await hit();
  }
  expect(levels).toEqual(['warn', 'info', 'warn', 'info']);
});
