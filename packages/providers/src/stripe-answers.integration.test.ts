import { json } from '@actp/testing/outside/route';
import { startOutside } from '@actp/testing/outside/server';
import { afterAll, describe, expect, it } from 'vitest';
import { createStripePayments } from './stripe.ts';

let next = json(200, {});
const outside = await startOutside({
  routes: [
    { method: 'POST', path: '/v1/payment_intents', handle: () => next },
    { method: 'GET', path: '/v1/payment_intents', handle: () => next },
  ],
});
afterAll(() => outside.stop());

const payments = createStripePayments({ secretKey: 'sk_test_1', baseUrl: outside.url });
const payment = {
  amount_minor: 100,
  currency: 'usd' as const,
  asset_id: 'bitcoin',
  quantity: '1',
  unit_price_usd: '1',
};
const { signal } = new AbortController();
const intent = { id: 'pi_1', object: 'payment_intent', status: 'succeeded', metadata: { effect_key: 'key' } };

describe('[EFF-001] what an answer of Stripe says of a payment', () => {
  it.each<[status: number, type: string, state: string]>([
    [400, 'invalid_request_error', 'not_done'],
    [402, 'card_error', 'not_done'],
    [404, 'invalid_request_error', 'not_done'],
    // Somebody in between gave up waiting, or the fault is its own: it may have been made.
    [408, 'invalid_request_error', 'unknown'],
    [400, 'api_error', 'unknown'],
    [402, 'api_error', 'unknown'],
    [500, 'card_error', 'unknown'],
    [503, 'invalid_request_error', 'unknown'],
  ])('%i %s: %s', async (status, type, state) => {
    next = json(status, { error: { type, message: 'no' } });
    expect((await payments.pay(payment, 'key', signal)).state).toBe(state);
  });

  it.each<[what: string, body: object]>([
    ['without an id', { ...intent, id: undefined }],
    ['of something else', { ...intent, object: 'charge' }],
    ['without a state', { ...intent, status: undefined }],
  ])('a success %s is unknown', async (_what, body) => {
    next = json(200, body);
    expect(await payments.pay(payment, 'key', signal)).toMatchObject({ state: 'unknown', again: true });
    next = json(200, { object: 'list', has_more: false, data: [body] });
    expect((await payments.lookUp?.(payment, 'key', signal))?.state).not.toBe('done');
  });
});
