import { createCoinGecko } from '@actp/providers/coingecko';
import { createStripePayments } from '@actp/providers/stripe';
import { startCoinGecko, type CoinGeckoServer } from '@actp/testing/coingecko/server';
import { startResend, type ResendServer } from '@actp/testing/resend/server';
import { startStripe, type StripeServer } from '@actp/testing/stripe/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from './agent.ts';
import { createCommunication } from './communication.ts';
import { createPurchase } from './purchase.ts';
import { planTask } from './run-context.fixture.ts';
import { TaskError } from './task-error.ts';

// Every fault that an attempt at an effect can meet; a held connection is cut at once.
const seeded: Omit<Parameters<ResendServer['faults']['seed']>[0], 'seed'> = {
  kinds: [
    'clean',
    'slow_answer',
    'accept_then_timeout',
    '5xx_after_effect',
    '5xx_before_effect',
    'reset_mid_body',
    'truncated_json',
    '200_with_error_body',
    '429',
    'quota_day',
    'quota_month',
    'duplicate_delivery',
    'key_conflict_409',
    'wrong_content_type',
    'gzip_bomb',
    'redirect_to_private_address',
    'reconcile_unavailable',
  ],
  percent: 70,
  ms: 0,
};
const tasks = 60;

let resend: ResendServer;
let prices: CoinGeckoServer;
let stripe: StripeServer;
beforeAll(async () => {
  [resend, prices, stripe] = await Promise.all([startResend(), startCoinGecko(), startStripe()]);
});
afterAll(() => Promise.all([resend.stop(), prices.stop(), stripe.stop()]));

async function run<Input>(agent: Agent<Input>, input: unknown, key: string): Promise<string> {
  const task = await planTask(agent, input, key);
  try {
    await task.run();
    return 'done';
  } catch (error) {
    if (error instanceof TaskError) return error.code;
    throw error;
  }
}

/** Done is once, refused is never, and unknown is at most once. */
function check(endings: ReadonlyMap<string, string>, counts: ReadonlyMap<string, number>): void {
  for (const [key, ending] of endings) {
    const count = counts.get(key) ?? 0;
    const allowed = { done: [1], effect_not_done: [0], effect_unknown: [0, 1] }[ending];
    expect(allowed, `${key} ended as ${ending} after ${count} effects`).toContain(count);
  }
  expect([...endings.values()]).toContain('done');
}

describe.each([1, 2, 3])('[EFF-001] faults by chance, seed %i', (seed) => {
  it('an e-mail leaves once, or not at all, or is unknown', async () => {
    resend.faults.seed({ ...seeded, seed });
    const agent = createCommunication({
      apiKey: 're_test',
      from: 'plane@example.com',
      baseUrl: resend.url,
    });
    const endings = new Map<string, string>();
    for (let index = 0; index < tasks; index += 1) {
      const key = `mail-${seed}-${index}`;
      endings.set(key, await run(agent, { to: 'a@example.org', subject: key, text: 'Text' }, key));
    }
    check(endings, resend.log.countByKey());
    expect([...resend.log.countByMeaning().values()].every((count) => count === 1)).toBe(true);
    expect(resend.wasFollowed()).toBe(false);
  });

  it('a payment is made once, or not at all, or is unknown', async () => {
    stripe.faults.seed({ ...seeded, seed });
    const agent = createPurchase({
      coingecko: createCoinGecko({ baseUrl: prices.baseUrl }),
      payments: createStripePayments({ secretKey: 'sk_test_1', baseUrl: stripe.url }),
      tolerancePercent: 1,
    });
    const endings = new Map<string, string>();
    for (let index = 0; index < tasks; index += 1) {
      const key = `payment-${seed}-${index}`;
      endings.set(key, await run(agent, { asset: 'bitcoin', quantity: 1 + index }, key));
    }
    check(endings, stripe.log.countByKey());
    expect(stripe.wasFollowed()).toBe(false);
  });
});
