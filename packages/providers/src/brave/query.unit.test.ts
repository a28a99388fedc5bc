import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryOf } from './query.ts';

describe('a query of a web search', () => {
  it.each([
    ['  heat   pumps\n in\u0000 old\u200B houses ', 'heat pumps in old houses'],
    ['', ''],
    [' \u200B ', ''],
    ['a '.repeat(60), 'a '.repeat(50).trim()],
    [`${'x'.repeat(300)} ${'y'.repeat(300)}`, 'x'.repeat(300)],
    ['z'.repeat(500), 'z'.repeat(400)],
  ])('is made of %j', (topic, query) => expect(queryOf(topic)).toBe(query));

  it('fits what the service takes, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (topic) => {
        const query = queryOf(topic);
        expect(query.length).toBeLessThanOrEqual(400);
        expect(query.split(/\s+/).length).toBeLessThanOrEqual(50);
        expect(query.isWellFormed()).toBe(true);
      }),
    );
  });

  it('takes no secret out of the house', () => {
    const secret = `ghp_${'aB3dE5gH7jK9'.repeat(3)}`;
    expect(queryOf(`what is ${secret} good for`)).not.toContain(secret);
  });
});
