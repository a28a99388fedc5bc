import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls, context, payload } from './approvals.fixture.ts';

interface Claim {
  counter: string;
  amount: number | string;
  max: number;
  seconds: number;
  over: 'require_approval' | 'deny';
}

const stores = await openDatabase();
const approvals = approvalCalls(stores.sql);

const call = async <T = { result: string; grant_id?: string; over?: number[] }>(
  text: string,
  values: unknown[],
): Promise<T> => {
  const { rows } = await stores.sql.query<{ answer: T }>(`select ${text} as answer`, values);
  if (!rows[0]) throw new Error('a function always answers');
  return rows[0].answer;
};
const claim = (...claims: Claim[]) =>
  call('claim_limits($1, $2, $3)', ['agent-1', 'stripe.charge', JSON.stringify(claims)]);
const outcome = (grantId: string | undefined, status: string, beforeEffect = false) =>
  call('record_guard_outcome($1, $2, $3, $4)', [grantId, status, beforeEffect, context]);
const of = (over: Partial<Claim> = {}): Claim => ({
  counter: 'c',
  amount: 1,
  max: 10,
  seconds: 3_600,
  over: 'require_approval',
  ...over,
});
const fresh = (over: Partial<Claim> = {}) => of({ counter: randomUUID(), ...over });
const age = (counter: string, seconds: number) =>
  stores.sql.query('update actp_limit_uses set at = at - make_interval(secs => $2) where counter = $1', [
    counter,
    seconds,
  ]);
const used = async (counter: string) => {
  const { rows } = await stores.sql.query<{ sum: string | null }>(
    'select sum(amount) from actp_limit_uses where counter = $1',
    [counter],
  );
  return Number(rows[0]?.sum ?? 0);
};
async function redeem(...claims: Claim[]) {
  const { id } = await approvals.request();
  await approvals.decide(id, 'approved');
  const answer = await call('redeem_approval($1, $2, $3, $4)', [
    id,
    payload,
    context,
    JSON.stringify(claims),
  ]);
  return { id, ...answer };
}

describe('a counter', () => {
  it('[SEC-012] lets through exactly what fits, however many ask at the same moment', async () => {
    const counters = [fresh({ amount: 7, max: 500 }), fresh({ amount: 7, max: 500 })];
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, n) => {
        const [first, second] = counters as [Claim, Claim];
        // Some want both, in one order or the other: nobody may wait in a circle.
        if (n % 4 === 0) return claim(first, second);
        return n % 4 === 1 ? claim(second, first) : claim(n % 2 === 0 ? first : second);
      }),
    );
    for (const { counter } of counters) {
      expect(await used(counter)).toBeLessThanOrEqual(500);
      expect(await used(counter)).toBeGreaterThan(500 - 7);
    }
    expect(answers.filter(({ result }) => result === 'over').length).toBeGreaterThan(0);
  });

  it('[SEC-012] counts what was approved and redeemed with what was allowed, at the same moment too', async () => {
    const one = fresh({ amount: 9, max: 100 });
    await Promise.all([
      ...Array.from({ length: 20 }, () => redeem(one)),
      ...Array.from({ length: 60 }, () => claim(one)),
    ]);
    expect(await used(one.counter)).toBeGreaterThanOrEqual(180);
    expect((await claim(one)).result).toBe('over');
  });

  it('takes all or nothing', async () => {
    const [wide, narrow] = [fresh({ amount: 5 }), fresh({ amount: 5, max: 4 })];
    expect(await claim(wide, narrow)).toEqual({ result: 'over', over: [1] });
    expect(await used(wide.counter)).toBe(0);
  });

  it('is entered once when several limits share it', async () => {
    const hour = fresh({ amount: 5 });
    const day = { ...hour, seconds: 86_400, max: 12 };
    expect((await claim(hour, day)).result).toBe('taken');
    expect(await used(hour.counter)).toBe(5);
    expect((await claim(hour, day)).result).toBe('taken');
    await age(hour.counter, 3_601);
    expect(await claim(hour, day)).toEqual({ result: 'over', over: [1] });
  });

  it('cannot be doubled around the edge of a window: within any such time there is no more than the limit', async () => {
    const one = fresh({ amount: 10, max: 10 });
    await claim(one);
    await age(one.counter, 3_590);
    expect((await claim(one)).result).toBe('over');
    await age(one.counter, 11);
    expect((await claim(one)).result).toBe('taken');
    expect((await claim(one)).result).toBe('over');
  });

  it('adds up amounts that no float could', async () => {
    const one = fresh({ amount: '9007199254740993000000', max: 1e30 });
    await claim(one);
    await claim({ ...one, amount: '1' });
    const { rows } = await stores.sql.query(
      'select sum(amount)::text from actp_limit_uses where counter = $1',
      [one.counter],
    );
    expect(rows).toEqual([{ sum: '9007199254740993000001' }]);
  });

  it.each([
    [[{ ...of(), amount: -1 }]],
    [[{ ...of(), amount: 'NaN' }]],
    [[{ ...of(), amount: 'Infinity' }]],
    [[{ ...of(), amount: null }]],
    [[{ ...of(), max: -1 }]],
    [[{ ...of(), seconds: 0 }]],
    [[{ ...of(), over: 'allow' }]],
    [{}],
  ])('takes no claim that is none: %j', async (claims) => {
    await expect(call('claim_limits($1, $2, $3)', ['a', 'b', JSON.stringify(claims)])).rejects.toThrow(
      /no claim|no limit|cannot/,
    );
  });

  it('does as a model of it does, whatever comes in whatever order', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('claim' as const), amount: fc.integer({ min: 0, max: 6 }) }),
      },
      fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 50 }) }),
      fc.record({ do: fc.constant('fail' as const), which: fc.nat({ max: 5 }), beforeEffect: fc.boolean() }),
    );
    const reached = { taken: 0, over: 0, givenBack: 0, kept: 0, again: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
        const one = fresh({ max: 10 });
        const model: Array<{ id: string; amount: number; age: number; ended: boolean }> = [];
        for (const now of steps) {
          if (now.do === 'wait') {
            for (const use of model) use.age += now.minutes;
            await age(one.counter, now.minutes * 60);
          } else if (now.do === 'claim') {
            // No use is ever within seconds of the edge: ages are whole minutes, and the window is half of one more.
            const seconds = 59 * 60 + 30;
            const inWindow = model.filter((use) => use.age <= 59).reduce((sum, use) => sum + use.amount, 0);
            const answer = await claim({ ...one, amount: now.amount, seconds });
            expect(answer.result).toBe(inWindow + now.amount <= 10 ? 'taken' : 'over');
            reached[answer.result === 'taken' ? 'taken' : 'over'] += 1;
            if (answer.grant_id)
              model.push({ id: answer.grant_id, amount: now.amount, age: 0, ended: false });
          } else {
            const use = model[now.which];
            if (!use) continue;
            const { result } = await outcome(use.id, 'failed', now.beforeEffect);
            if (use.ended) reached.again += 1;
            else reached[now.beforeEffect ? 'givenBack' : 'kept'] += 1;
            if (use.ended) expect(result).toMatch(/recorded$/);
            else {
              expect(result).toBe('recorded');
              if (now.beforeEffect) use.amount = 0;
            }
            use.ended = true;
          }
        }
      }),
      { numRuns: 25, seed: 11 },
    );
    // Without these the model would agree with anything.
    for (const [what, times] of Object.entries(reached)) expect(times, what).toBeGreaterThanOrEqual(5);
    expect(reached.over).toBeGreaterThanOrEqual(30);
  });
});

describe('what failed before it had any effect', () => {
  it('is counted no more, once, and what had an effect stays counted', async () => {
    const one = fresh({ amount: 10 });
    const { grant_id } = await claim(one);
    expect((await claim(one)).result).toBe('over');
    expect(await Promise.all(Array.from({ length: 8 }, () => outcome(grant_id, 'failed', true)))).toEqual(
      Array.from({ length: 8 }, () => ({ result: 'recorded' })),
    );
    const second = await claim(one);
    expect(second.result).toBe('taken');
    expect((await outcome(grant_id, 'failed', true)).result).toBe('recorded');
    expect((await outcome(grant_id, 'failed', false)).result).toBe('already_recorded');
    expect((await outcome(second.grant_id, 'failed', false)).result).toBe('recorded');
    expect((await outcome(second.grant_id, 'failed', true)).result).toBe('already_recorded');
    expect((await claim(one)).result).toBe('over');
    expect(await outcome(randomUUID(), 'failed', true)).toEqual({ result: 'not_found' });
    await expect(outcome(grant_id, 'succeeded', true)).rejects.toThrow('an outcome is');
  });

  it('[TRU-006] stays counted for an approval until somebody other than the agent confirms it', async () => {
    const one = fresh({ amount: 10 });
    const { id, grant_id } = await redeem(one);
    expect((await claim(one)).result).toBe('over');
    expect((await outcome(grant_id, 'failed', true)).result).toBe('not_found');
    expect((await call('record_outcome($1, $2, $3, $4, true)', [id, 'failed', null, context])).result).toBe(
      'recorded',
    );
    expect((await approvals.outcome(id, 'failed')).result).toBe('already_recorded');
    expect((await claim(one)).result).toBe('over');
    const confirm = () => call('record_outcome($1, $2, $3, $4, true, true)', [id, 'failed', null, context]);
    expect((await confirm()).result).toBe('recorded');
    expect((await claim(one)).result).toBe('taken');
    expect((await confirm()).result).toBe('recorded');
    expect((await claim(one)).result).toBe('over');
  });

  it('is not given back for what the agent has reported as done', async () => {
    const one = fresh({ amount: 10 });
    const { id } = await redeem(one);
    await approvals.outcome(id, 'succeeded');
    const confirmed = await call('record_outcome($1, $2, $3, $4, true, true)', [id, 'failed', null, context]);
    expect(confirmed.result).toBe('already_recorded');
    expect((await claim(one)).result).toBe('over');
  });
});

describe('a redeem', () => {
  it('of what a person approved is counted and let through, but not past a limit that denies', async () => {
    const asks = fresh({ amount: 9 });
    expect((await redeem(asks)).result).toBe('redeemed');
    expect((await redeem(asks)).result).toBe('redeemed');
    expect(await used(asks.counter)).toBe(18);
    const denies = fresh({ amount: 9, over: 'deny' });
    expect((await redeem(denies)).result).toBe('redeemed');
    const refused = await redeem(denies, asks);
    expect(refused.result).toBe('limit_reached');
    expect(await used(denies.counter)).toBe(9);
    expect(await used(asks.counter)).toBe(18);
    expect(await approvals.read(refused.id)).toMatchObject({ status: 'approved', redeemed_at: null });
    await age(denies.counter, 3_601);
    const later = await call('redeem_approval($1, $2, $3, $4)', [
      refused.id,
      payload,
      context,
      JSON.stringify([denies]),
    ]);
    expect(later.result).toBe('redeemed');
  });

  it('that is refused counts nothing', async () => {
    const one = fresh({ amount: 10 });
    const { id } = await redeem(one);
    await call('redeem_approval($1, $2, $3, $4)', [id, payload, context, JSON.stringify([one])]);
    expect(await used(one.counter)).toBe(10);
  });
});

describe('housekeeping', () => {
  it('forgets what is in no window any more', async () => {
    const one = fresh();
    const { grant_id } = await claim(one);
    await claim(one);
    await stores.sql.query(
      `update actp_limit_grants set keep_until = now() - interval '1 second' where id = $1`,
      [grant_id],
    );
    expect(await call<number>('forget_limit_uses(100)', [])).toBe(1);
    expect(await used(one.counter)).toBe(1);
  });
});
