import { startStripe, type StripeServer } from '@actp/testing/stripe/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectAnswer } from './effect-answer.ts';
import { createStripePayments } from './stripe.ts';

type FaultInput = Parameters<StripeServer['faults']['add']>[0];

let stripe: StripeServer;
beforeEach(async () => {
  stripe = await startStripe({ secretKey: 'sk_test_1' });
});
afterEach(() => stripe.stop());

const payment = {
  amount_minor: 15_395,
  currency: 'usd' as const,
  asset_id: 'bitcoin',
  quantity: '0.002',
  unit_price_usd: '76975',
};
const { signal } = new AbortController();
const payments = (options: { paymentMethod?: string; secretKey?: string; timeoutMs?: number } = {}) =>
  createStripePayments({ secretKey: 'sk_test_1', baseUrl: stripe.url, timeoutMs: 60_000, ...options });
const pay = (key = 'key-1', options: Parameters<typeof payments>[0] = {}, other = {}) =>
  payments(options).pay({ ...payment, ...other }, key, signal);
const lookUp = (key = 'key-1') => payments().lookUp?.(payment, key, signal);
const paid = (key = 'key-1') => stripe.log.effectsWithKey(key).length;
const posts = () => stripe.log.requests.filter(({ method }) => method === 'POST').length;

describe('a payment through Stripe', () => {
  it('is made and confirmed in one request, with what it is for', async () => {
    expect(await pay()).toEqual({ state: 'done', reference: stripe.intents[0]?.id });
    expect(stripe.intents).toMatchObject([
      { amount: 15_395, currency: 'usd', metadata: { effect_key: 'key-1', asset_id: 'bitcoin' } },
    ]);
    expect(posts()).toBe(1);
    // Nobody is there who could be sent to a page of a bank.
    expect(stripe.log.requests[0]?.body).toMatchObject({
      confirm: 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
    });
  });

  it('is made once for the same key', async () => {
    const first = await pay();
    expect(await pay()).toEqual(first);
    expect(paid()).toBe(1);
  });

  it('is unknown when the key was used for another one, and is not asked for again', async () => {
    await pay();
    expect(await pay('key-1', {}, { amount_minor: 1_000 })).toMatchObject({ state: 'unknown', again: false });
    expect(paid()).toBe(1);
  });

  // What one attempt answers, how many payments were made by then, and what asking again answers.
  it.each<[FaultInput, EffectAnswer['state'], number, EffectAnswer['state'] | undefined]>([
    [{ kind: 'clean' }, 'done', 1, 'done'],
    [{ kind: 'slow_answer', ms: 20 }, 'done', 1, 'done'],
    [{ kind: 'accept_then_timeout', ms: 0 }, 'unknown', 1, 'done'],
    [{ kind: 'accept_then_timeout', ms: 0, when: 'before' }, 'unknown', 0, 'done'],
    [{ kind: '5xx_after_effect' }, 'unknown', 1, 'unknown'],
    [{ kind: '5xx_after_effect', status: 502 }, 'unknown', 1, 'unknown'],
    [{ kind: '5xx_before_effect' }, 'unknown', 0, 'done'],
    [{ kind: 'reset_mid_body' }, 'unknown', 1, 'done'],
    [{ kind: 'truncated_json' }, 'unknown', 1, 'done'],
    [{ kind: '200_with_error_body' }, 'unknown', 0, 'done'],
    [{ kind: '200_with_error_body', when: 'after' }, 'unknown', 1, 'done'],
    [{ kind: '429' }, 'later', 0, 'done'],
    [{ kind: '429', wait: 'none' }, 'later', 0, 'done'],
    [{ kind: 'duplicate_delivery' }, 'done', 1, 'done'],
    [{ kind: 'key_conflict_409' }, 'unknown', 0, 'done'],
    [{ kind: 'key_conflict_409', when: 'after' }, 'unknown', 1, 'done'],
    [{ kind: 'wrong_content_type' }, 'unknown', 1, 'done'],
    [{ kind: 'wrong_content_type', status: 403 }, 'unknown', 1, 'done'],
    [{ kind: 'huge_body' }, 'unknown', 1, 'done'],
    [{ kind: 'gzip_bomb' }, 'unknown', 1, 'done'],
    [{ kind: 'redirect_to_private_address' }, 'unknown', 1, 'done'],
    [{ kind: 'clock_skew', ms: 3_600_000 }, 'done', 1, 'done'],
  ])('[EFF-001] %j: %s', async (fault, state, effects, again) => {
    stripe.faults.add(fault);
    const answer = await pay();
    expect(answer.state).toBe(state);
    expect(paid()).toBe(effects);
    expect(posts()).toBe(1);
    expect(stripe.wasFollowed()).toBe(false);
    if (effects === 1) expect(await lookUp()).toMatchObject({ state: 'done' });
    else expect(await lookUp()).toBeUndefined();
    expect((await pay()).state).toBe(again);
    expect(paid()).toBe(1);
  });

  it('[EFF-001] is looked up after an error of Stripe, which the key would bring again for ever', async () => {
    stripe.faults.add({ kind: '5xx_after_effect' });
    expect(await pay()).toMatchObject({ state: 'unknown' });
    expect(await pay()).toMatchObject({ state: 'unknown' });
    expect(await lookUp()).toEqual({ state: 'done', reference: stripe.intents[0]?.id });
    expect(paid()).toBe(1);
  });

  it('[EFF-001] stays unknown while it cannot be looked up', async () => {
    await pay();
    stripe.faults.add({ kind: 'reconcile_unavailable', times: 4 });
    expect(await lookUp()).toBeUndefined();
    stripe.faults.clear();
    for (const kind of [
      'truncated_json',
      'wrong_content_type',
      'huge_body',
      'reset_mid_body',
      '429',
    ] as const) {
      stripe.faults.add({ kind });
      expect(await lookUp()).toBeUndefined();
    }
    expect(await lookUp()).toMatchObject({ state: 'done' });
  });

  it('[EFF-001] is unknown when no answer comes in time, and later when nothing could be sent', async () => {
    stripe.faults.add({ kind: 'accept_then_timeout' });
    expect(await pay('key-1', { timeoutMs: 300 })).toMatchObject({ state: 'unknown', again: true });
    await stripe.goAway();
    expect(await pay()).toMatchObject({ state: 'later' });
    expect(await lookUp()).toBeUndefined();
    await stripe.comeBack();
    expect(await pay()).toMatchObject({ state: 'done' });
    expect(paid()).toBe(1);
  });

  it('[EFF-001] that is under way is unknown until it is looked up', async () => {
    expect(await pay('a', { paymentMethod: 'pm_slow' })).toMatchObject({ state: 'unknown', again: true });
    expect(await pay('b', { paymentMethod: 'pm_slow' })).toMatchObject({ state: 'unknown', again: true });
    expect(await lookUp('a')).toMatchObject({ state: 'unknown', again: true });
    const [a, b] = stripe.intents;
    stripe.settle(a?.id ?? '', 'succeeded');
    stripe.settle(b?.id ?? '', 'requires_payment_method');
    expect(await lookUp('a')).toEqual({ state: 'done', reference: a?.id });
    expect(await lookUp('b')).toMatchObject({ state: 'not_done' });
    expect([paid('a'), paid('b')]).toEqual([1, 0]);
  });

  it('[EFF-001] is found days later, when the key is forgotten', async () => {
    stripe.faults.add({ kind: 'clock_skew', ms: -6 * 86_400_000 });
    await pay();
    expect(await lookUp()).toMatchObject({ state: 'done', reference: stripe.intents[0]?.id });
  });

  it.each(['huge_body', 'gzip_bomb'] as const)('whose answer is %s is not read to its end', async (kind) => {
    stripe.faults.add({ kind });
    expect(await pay()).toMatchObject({ state: 'unknown', reason: 'Stripe: the answer is too large.' });
  });

  it('is found among many', async () => {
    await pay('first', {}, { amount_minor: 50 });
    await Promise.all(Array.from({ length: 120 }, (_, index) => pay(`other-${index}`)));
    expect(await lookUp('first')).toMatchObject({ state: 'done', reference: stripe.intents[0]?.id });
    expect(await lookUp('none')).toBeUndefined();
  });

  it.each([
    [{ paymentMethod: 'pm_card_chargeDeclined' }, {}, 'card_declined'],
    [{ paymentMethod: 'pm_card_authenticationRequired' }, {}, 'requires_action'],
    [{ paymentMethod: 'pm_nothing' }, {}, 'resource_missing'],
    [{ secretKey: 'sk_test_wrong' }, {}, '401'],
    [{}, { amount_minor: 49 }, 'amount_too_small'],
    [{}, { amount_minor: 0 }, 'not one that can be made'],
    [{}, { amount_minor: 1.5 }, 'not one that can be made'],
  ])('%j %j is not made', async (options, other, reason) => {
    const answer = await pay('key-1', options, other);
    expect(answer).toMatchObject({ state: 'not_done', reason: expect.stringContaining(reason) as string });
    expect(JSON.stringify(answer)).not.toContain('sk_test');
    expect(stripe.log.effects).toHaveLength(0);
  });
});
