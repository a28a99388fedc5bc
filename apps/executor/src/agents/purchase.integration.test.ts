import { createCoinGecko } from '@actp/providers/coingecko';
import type { PaymentProvider } from '@actp/providers/payment-provider';
import { createStripePayments } from '@actp/providers/stripe';
import { startCoinGecko, type CoinGeckoServer } from '@actp/testing/coingecko/server';
import { startStripe, type StripeServer } from '@actp/testing/stripe/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPurchase, type PurchaseDeps } from './purchase.ts';
import { planTask } from './run-context.fixture.ts';

type FaultInput = Parameters<StripeServer['faults']['add']>[0];

let prices: CoinGeckoServer;
let stripe: StripeServer;
beforeEach(async () => {
  [prices, stripe] = await Promise.all([startCoinGecko(), startStripe()]);
});
afterEach(() => Promise.all([prices.stop(), stripe.stop()]));

const agent = (deps: Partial<PurchaseDeps> = {}) =>
  createPurchase({
    coingecko: createCoinGecko({ baseUrl: prices.baseUrl }),
    payments: createStripePayments({ secretKey: 'sk_test_1', baseUrl: stripe.url }),
    tolerancePercent: 1,
    ...deps,
  });
const input = { asset: 'btc', quantity: '0.002' };
const plan = (asked: unknown = input, deps: Partial<PurchaseDeps> = {}) => planTask(agent(deps), asked);
const paid = () => stripe.log.effectsWithKey('actp-key-1').length;

describe('the purchase agent', () => {
  it('shows what, at which price of when, and the most that it may cost', async () => {
    const { cost, effects } = await plan();
    expect(cost.atMostMinor).toBe(15_548);
    expect(cost.facts).toMatchObject({
      asset_id: 'bitcoin',
      symbol: 'BTC',
      name: 'Bitcoin',
      quantity: '0.002',
    });
    const [effect] = effects;
    expect(effect).toMatchObject({
      kind: 'payment',
      action: 'payment.purchase',
      meaning: { to: 'bitcoin', content: { quantity: '0.002' } },
      details: {
        amount_usd: 153.95,
        at_most_usd: 155.48,
        asset_id: 'bitcoin',
        symbol: 'BTC',
        quantity: '0.002',
        unit_price_usd: '76975',
        price_source: 'CoinGecko',
        provider: 'stripe',
      },
    });
    expect(Object.keys(effect?.details ?? {}).slice(0, 4)).toEqual([
      'amount_usd',
      'at_most_usd',
      'asset_id',
      'symbol',
    ]);
    const age = effect?.details['price_age_seconds'];
    expect(age).toBeGreaterThanOrEqual(29);
    expect(effect?.details['price_at']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(stripe.log.requests).toHaveLength(0);
  });

  it('pays the price of the moment, within what was approved', async () => {
    const task = await plan();
    prices.set({ id: 'bitcoin', usd: '77500.25' });
    const { result, costMinor } = await task.run();
    expect(costMinor).toBe(15_500);
    expect(result).toMatchObject({
      purchased: true,
      payment_id: stripe.intents[0]?.id,
      amount_usd: 155,
      unit_price_usd: '77500.25',
      quantity: '0.002',
    });
    expect(stripe.intents).toMatchObject([{ amount: 15_500, metadata: { asset_id: 'bitcoin' } }]);
  });

  it('[EFF-001] pays once, however often it is run and whatever the price is then', async () => {
    const task = await plan();
    const first = await task.run();
    prices.set({ id: 'bitcoin', usd: '100000' });
    expect(await task.run()).toEqual(first);
    expect(stripe.log.countByKey()).toEqual(new Map([['actp-key-1', 1]]));
  });

  it('[EFF-001] is the same purchase when it is planned again at another price', async () => {
    const first = await plan();
    prices.set({ id: 'bitcoin', usd: '80000' });
    const second = await plan({ asset: 'Bitcoin', quantity: 0.002 });
    expect(second.effects[0]?.meaning).toEqual(first.effects[0]?.meaning);
  });

  it.each([
    ['77744.75', 'exactly the tolerance', undefined],
    ['77744.76', 'a cent more', 'price_moved'],
    ['90000', 'much more', 'price_moved'],
    ['50000', 'less', undefined],
  ])('at %s, %s, ends with %s', async (usd, _what, code) => {
    const task = await plan({ asset: 'bitcoin', quantity: '1' });
    prices.set({ id: 'bitcoin', usd });
    const run = task.run();
    if (code === undefined) await run;
    else {
      await expect(run).rejects.toMatchObject({ code });
      await expect(task.run()).rejects.toThrow(`from 76975 to ${usd} USD`);
    }
    expect(paid()).toBe(code === undefined ? 1 : 0);
  });

  it('pays no more than the task may spend', async () => {
    const task = await plan();
    await expect(task.run({ atMostMinor: 15_394 })).rejects.toMatchObject({ code: 'price_moved' });
    expect(paid()).toBe(0);
  });

  // An hour and more, so that it does not matter how fast this machine is.
  it.each([4_000, -4_000])(
    'asks nobody about a price of %i seconds ago, and does not pay by it',
    async (age) => {
      const task = await plan();
      prices.set({ id: 'bitcoin', ageSeconds: age });
      await expect(plan()).rejects.toMatchObject({ code: 'price_stale' });
      await expect(task.run()).rejects.toMatchObject({ code: 'price_stale' });
      expect(paid()).toBe(0);
      prices.set({ id: 'bitcoin', ageSeconds: 30 });
      await task.run();
      expect(paid()).toBe(1);
    },
  );

  it.each([
    [{ asset: 'orb', quantity: 1 }, 'asset_unclear', 'orbit-one, orbit-two'],
    [{ asset: 'unheard of', quantity: 1 }, 'asset_unclear', 'no coin'],
    [{ asset: 'asleep', quantity: 1 }, 'asset_unclear', 'no price'],
    [{ asset: 'shib', quantity: '0.01' }, 'amount_too_small', 'less than a cent'],
    [{ asset: 'bitcoin', quantity: '1000000000000' }, 'amount_too_large', 'more than can be paid'],
  ])('ends before anything is asked: %j', async (asked, code, words) => {
    await expect(plan(asked)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    });
  });

  it('counts in whole cents, without floats', async () => {
    const task = await plan({ asset: 'shiba-inu', quantity: '123456.789' });
    expect(task.effects[0]?.details).toMatchObject({ amount_usd: 1.52, unit_price_usd: '0.000012345' });
    expect((await plan({ asset: 'solana', quantity: '3' })).cost.atMostMinor).toBe(42_745);
    expect((await plan({ asset: 'solana', quantity: '3' }, { tolerancePercent: 0 })).cost.atMostMinor).toBe(
      42_322,
    );
  });

  it.each<[FaultInput]>([
    [{ kind: '429' }],
    [{ kind: '200_with_error_body' }],
    [{ kind: '5xx_before_effect' }],
    [{ kind: 'truncated_json' }],
    [{ kind: 'wrong_content_type' }],
  ])('pays nothing without a price: %j', async (fault) => {
    const task = await plan();
    prices.faults.add({ ...fault, times: 'always' });
    await expect(task.run()).rejects.toMatchObject({ code: 'price_unavailable' });
    await expect(plan()).rejects.toMatchObject({ code: 'price_unavailable' });
    expect(stripe.log.requests).toHaveLength(0);
    prices.faults.clear();
    await task.run();
    expect(paid()).toBe(1);
  });

  it.each<[FaultInput[], string | undefined, number]>([
    [[{ kind: 'accept_then_timeout', ms: 0 }], undefined, 1],
    [[{ kind: 'accept_then_timeout', ms: 0, when: 'before' }], undefined, 1],
    [[{ kind: '5xx_after_effect' }], undefined, 1],
    [[{ kind: '5xx_before_effect' }, { kind: 'reset_mid_body' }], undefined, 1],
    [[{ kind: 'truncated_json' }, { kind: 'reconcile_unavailable' }], undefined, 1],
    [[{ kind: '429', retryAfterSeconds: 0 }], undefined, 1],
    // Stripe keeps its error under the key, and cannot be asked for the payment.
    [[{ kind: '5xx_after_effect' }, { kind: 'reconcile_unavailable', times: 'always' }], 'effect_unknown', 1],
    [[{ kind: '5xx_before_effect', times: 'always', method: 'POST' }], 'effect_unknown', 0],
  ])('[EFF-001] pays once or says that nobody knows through %j', async (faults, code, payments) => {
    const task = await plan();
    stripe.faults.add(...faults);
    const run = task.run();
    if (code === undefined) expect((await run).costMinor).toBe(15_395);
    else await expect(run).rejects.toMatchObject({ code });
    expect(paid()).toBe(payments);
  });

  it('[EFF-001] is not made at another provider than the one that it was approved for', async () => {
    let ledger = 0;
    const other: PaymentProvider = {
      name: 'ledger',
      keyKeptSeconds: 86_400,
      async pay() {
        ledger += 1;
        return { state: 'done', reference: 'l1' };
      },
    };
    const task = await plan();
    // Approved for one provider, and not begun.
    const changed = agent({ payments: other });
    const context = { facts: { ...task.cost.facts, provider: 'stripe' } };
    const begun = await planTask(changed, input);
    await expect(begun.run(context)).rejects.toMatchObject({ code: 'provider_changed' });
    // Begun at one provider, with an answer that was lost.
    const payload = {
      amount_minor: 15_395,
      currency: 'usd',
      asset_id: 'bitcoin',
      quantity: '0.002',
      unit_price_usd: '76975',
    };
    begun.kept[0] = { payload, attempts: 1, settled: undefined };
    await expect(begun.run(context)).rejects.toMatchObject({ code: 'effect_unknown' });
    expect(ledger).toBe(0);
  });

  it('[EFF-001] asks no more with a key that the provider may be about to forget', async () => {
    const task = await plan();
    let kept = 0;
    await task.run({
      async perform(_place, { keyKeptSeconds }) {
        kept = keyKeptSeconds;
        return { state: 'done', reference: '' };
      },
    });
    expect(kept).toBe(23 * 3_600);
  });

  it('does not know what it cost when an operator says that it happened', async () => {
    const task = await plan();
    const { result, costMinor } = await task.run({
      perform: async () => ({ state: 'done', reference: '' }),
    });
    expect(costMinor).toBe('unknown');
    expect(result).toMatchObject({ purchased: true, amount_usd: null });
  });
});
