import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('lets one piece of work through in each turn of the event loop', async () => {
  const turn = createTurns();
  const done: string[] = [];
  const work = [1, 2, 3].map((n) => turn().then(() => done.push(`work ${n}`)));
  const beside = async () => {
    for (const n of [1, 2, 3]) {
      await new Promise((resolve) => setImmediate(resolve));
      done.push(`turn ${n}`);
    }
  };
  await Promise.all([...work, beside()]);
  for (const n of [1, 2]) expect(done.indexOf(`turn ${n}`)).toBeLessThan(done.indexOf(`work ${n + 1}`));
});
