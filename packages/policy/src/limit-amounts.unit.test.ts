import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Limit, limitProblem, readyLimit } from './limit.ts';

const limitOf = (limit: Partial<Limit>, when?: string, effect: 'deny' | 'require_approval' = 'deny') =>
  readyLimit({ action: 'a.b', when, effect }, { per: 'all', within: '1h', max: 5, ...limit });
const claimOf = (
  limit: Partial<Limit>,
  details: object,
  more: { agent?: string; action?: string; cost_usd?: number } = {},
) => limitOf(limit).claim({ action: 'a.b', agent: 'worker', details, ...more });

describe('what a limit counts', () => {
  it.each<[string, Partial<Limit>, object, string]>([
    ['requests', { count: true }, {}, '1000000'],
    ['a number', { count: 'details.n' }, { n: 3 }, '3000000'],
    ['none', { count: 'details.n' }, { n: 0 }, '0'],
    ['the length of a list', { count: 'details.to' }, { to: ['x', 'y'] }, '2000000'],
    ['an empty list', { count: 'details.to' }, { to: [] }, '0'],
    ['a sum', { sum: 'details.usd' }, { usd: 0.25 }, '250000'],
    ['a sum farther down', { sum: 'details.a.b' }, { a: { b: 2 } }, '2000000'],
    ['the largest amount', { sum: 'details.usd' }, { usd: 2 ** 53 }, '9007199254740992000000'],
  ])('%s', (_what, limit, details, amount) => expect(claimOf(limit, details)).toMatchObject({ amount }));

  it.each<[string, Partial<Limit>, object, string]>([
    ['nothing there', { sum: 'details.usd' }, {}, 'a field is missing'],
    [
      'something that is inherited',
      { sum: 'details.usd' },
      Object.create({ usd: 1 }) as object,
      'a field is missing',
    ],
    ['a text on the way', { sum: 'details.a.b' }, { a: 'x' }, 'a field is missing'],
    ['null on the way', { sum: 'details.a.b' }, { a: null }, 'a field is missing'],
    ['a list on the way', { sum: 'details.a.length' }, { a: [1] }, 'a field is missing'],
    ['a text', { sum: 'details.usd' }, { usd: '1' }, 'a value has the wrong type'],
    ['a list to be summed', { sum: 'details.usd' }, { usd: [1] }, 'a value has the wrong type'],
    ['an object to be counted', { count: 'details.n' }, { n: {} }, 'a value has the wrong type'],
    ['less than nothing', { sum: 'details.usd' }, { usd: -0.01 }, 'a value is out of range'],
    ['too much', { sum: 'details.usd' }, { usd: 2 ** 53 + 2 }, 'a value is out of range'],
    ['half a piece', { count: 'details.n' }, { n: 1.5 }, 'a value is not a whole number'],
  ])('cannot be told from %s', (_what, limit, details, why) => expect(claimOf(limit, details)).toBe(why));

  it('may be the cost', () => {
    expect(claimOf({ sum: 'cost_usd' }, {}, { cost_usd: 1.5 })).toMatchObject({ amount: '1500000' });
    expect(claimOf({ sum: 'cost_usd' }, {})).toBe('a field is missing');
    expect(limitOf({ sum: 'cost_usd' }).field).toBe('cost_usd');
    expect(limitOf({ count: true }).field).toBeUndefined();
    expect(limitOf({ count: 'details.n' }).field).toBe('details.n');
  });

  it.each<[Partial<Limit>, string]>([
    [{ count: true }, 'requests'],
    [{ count: 'details.n' }, 'the number of details.n'],
    [{ sum: 'details.n' }, 'the sum of details.n'],
  ])('is said: %j', (limit, what) =>
    expect(claimOf(limit, { n: 1 })).toMatchObject({
      over: 'deny',
      rule: 'gate:a.b',
      max: '5000000',
      seconds: 3_600,
      detail: `the limit of a.b is reached: ${what} per all within 1h, at most 5`,
    }),
  );
});

const print = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

describe('the counter of a limit', () => {
  const counterOf = (claim: ReturnType<typeof claimOf>) =>
    typeof claim === 'string' ? claim : claim.counter;
  const printOf = (limit: Partial<Limit>, action = 'a.b', when?: string) =>
    counterOf(
      readyLimit({ action, when, effect: 'deny' }, { per: 'all', within: '1h', max: 5, ...limit }).claim({
        action: 'a.b',
        agent: 'worker',
        details: { n: 1, m: 1 },
      }),
    ).split(':')[0];

  // A changed print would make every counter begin again.
  it('stays what it was', () => {
    expect(printOf({ count: true })).toBe(print('a.b\n\ncount\n\nall'));
    expect(printOf({ sum: 'details.n' }, 'a.*', 'details.n > 1')).toBe(
      print('a.*\ndetails.n > 1\nsum\ndetails.n\nall'),
    );
  });

  it('is another one for everything that makes it another limit', () => {
    const prints = [
      printOf({ count: true }),
      printOf({ count: true }, 'a.*'),
      printOf({ count: true }, 'a.b', 'details.n > 1'),
      printOf({ count: 'details.n' }),
      printOf({ sum: 'details.n' }),
      printOf({ sum: 'details.m' }),
      printOf({ count: true, per: 'agent' }),
      printOf({ count: true, per: 'action' }),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });

  it.each<[Limit['per'], string]>([
    ['agent', 'worker'],
    ['action', 'a.b'],
    ['all', ''],
  ])('names whose it is: per %s', (per, whose) => {
    expect(
      counterOf(claimOf({ count: true, per }, {}, { agent: ' WORKER', action: 'a:b' })).split(':')[1],
    ).toBe(whose);
  });
});

describe('the form of a limit', () => {
  const problemOf = (limit: object): string | undefined => {
    const read = Limit.safeParse({ per: 'all', within: '1h', max: 5, ...limit });
    return read.error?.issues.map(({ message }) => message).join('; ');
  };
  const key = 'k'.repeat(64);

  it.each<object>([
    { sum: 'cost_usd' },
    { sum: 'details.a' },
    { sum: 'details._a-1' },
    { sum: `details.${key}` },
    { sum: 'details.a.b.c.d.e.f.g.h' },
    { count: true },
    { count: 'details.a' },
    { within: '1s' },
    { within: '9999m' },
    { within: '2678400s' },
    { within: '31d' },
    { max: 0 },
    { max: 2 ** 53 },
  ])('takes %j', (limit) => expect(problemOf(limit)).toBeUndefined());

  it.each<[object, string]>([
    [{ sum: 'xcost_usd' }, 'must be cost_usd or a path such as details.amount_usd'],
    [{ sum: 'cost_usd2' }, 'must be cost_usd or a path such as details.amount_usd'],
    [{ sum: 'details' }, 'must be cost_usd or a path such as details.amount_usd'],
    [{ sum: 'details.1a' }, 'must be cost_usd or a path such as details.amount_usd'],
    [{ sum: `details.${key}k` }, 'must be cost_usd or a path such as details.amount_usd'],
    [{ sum: 'details.a.b.c.d.e.f.g.h.i' }, 'must be cost_usd or a path such as details.amount_usd'],
    [{ sum: 5 }, 'must be cost_usd or a path such as details.amount_usd'],
    [{ count: false }, 'must be true, or a path such as details.recipients'],
    [{ count: 'recipients' }, 'must be true, or a path such as details.recipients'],
    [{ within: '0s' }, 'must be a time such as 90s, 15m, 1h or 1d, up to 31d'],
    [{ within: '90' }, 'must be a time such as 90s, 15m, 1h or 1d, up to 31d'],
    [{ within: 'x90s' }, 'must be a time such as 90s, 15m, 1h or 1d, up to 31d'],
    [{ within: '90sx' }, 'must be a time such as 90s, 15m, 1h or 1d, up to 31d'],
    [{ within: '12345678s' }, 'must be a time such as 90s, 15m, 1h or 1d, up to 31d; must be at most 31d'],
    [{ within: '2678401s' }, 'must be at most 31d'],
    [{ within: '44641m' }, 'must be at most 31d'],
    [{ within: '745h' }, 'must be at most 31d'],
    [{ max: -1 }, 'must not be negative'],
    [{ max: 2 ** 53 + 2 }, 'must be at most 2^53'],
  ])('refuses %j', (limit, problem) => expect(problemOf(limit)).toBe(problem));

  it.each<[Limit['within'], number]>([
    ['90s', 90],
    ['15m', 900],
    ['2h', 7_200],
    ['3d', 259_200],
  ])('%s are %d seconds', (within, seconds) =>
    expect(claimOf({ count: true, within }, {})).toMatchObject({ seconds }),
  );

  it('says what it counts, once, and counts whole pieces', () => {
    const of = (limit: Partial<Limit>) => limitProblem({ per: 'all', within: '1h', max: 5, ...limit });
    expect(of({})).toEqual({ message: 'must say either sum or count' });
    expect(of({ sum: 'cost_usd', count: true })).toEqual({ message: 'must say either sum or count' });
    expect(of({ count: true, max: 1.5 })).toEqual({ message: 'must be a whole number', field: 'max' });
    expect(of({ sum: 'cost_usd', max: 1.5 })).toBeUndefined();
    expect(of({ count: true })).toBeUndefined();
  });
});
