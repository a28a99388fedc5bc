import type { CoinGecko } from '@actp/providers/coingecko';
import type { PaymentProvider } from '@actp/providers/payment-provider';
import type { Agent } from './agent.ts';
import { paymentOf } from './purchase/payment.ts';
import { planPurchase, PurchaseFacts } from './purchase/plan.ts';
import { preparePayment } from './purchase/prepare.ts';
import { PurchaseInput } from './purchase/input.ts';

export interface PurchaseDeps {
  coingecko: CoinGecko;
  payments: PaymentProvider;
  /** PRICE_TOLERANCE_PERCENT */
  tolerancePercent: number;
  /** Milliseconds. */
  now?: () => number;
}

/** Before the provider forgets the key, so that clocks may differ. */
const marginSeconds = 3_600;

/** Buys an amount of a coin at about the price of now. It always waits for a person, who sees the price and the most that it may cost. */
export function createPurchase(deps: PurchaseDeps): Agent<PurchaseInput> {
  const { payments, now = Date.now } = deps;
  const whole = { ...deps, now };

  return {
    name: 'purchase',
    does: 'Buys an amount of a crypto asset, after a person has approved its price.',
    examples: ['Buy 0.5 ethereum', 'Buy 100 usd-coin'],
    input: PurchaseInput,

    async estimateCost(input, { signal }) {
      const { facts, atMostMinor } = await planPurchase(whole, input, signal);
      return { atMostMinor, facts: { ...facts } };
    },

    effects(_input, { facts }) {
      const plan = purchaseFacts(facts);
      return [
        {
          kind: 'payment',
          action: 'payment.purchase',
          details: {
            amount_usd: plan.amount_usd,
            at_most_usd: plan.at_most_usd,
            asset_id: plan.asset_id,
            symbol: plan.symbol,
            quantity: plan.quantity,
            unit_price_usd: plan.unit_price_usd,
            price_at: plan.price_at,
            price_age_seconds: plan.price_age_seconds,
            price_source: plan.price_source,
            provider: plan.provider,
          },
          // Not the amount: planned again at another price it is still the same purchase.
          meaning: { to: plan.asset_id, content: { quantity: plan.quantity } },
        },
      ];
    },

    async run({ facts, atMostMinor, signal, perform }) {
      const plan = purchaseFacts(facts);
      const paid = await perform(0, {
        prepare: async () => ({ ...(await preparePayment(whole, plan, atMostMinor, signal)) }),
        ...paymentOf(payments, plan.provider),
        keyKeptSeconds: Math.max(payments.keyKeptSeconds - marginSeconds, 0),
      });
      const { amount_minor: amount, unit_price_usd: price } = paid.facts ?? {};
      return {
        result: {
          purchased: true,
          payment_id: paid.reference,
          provider: plan.provider,
          asset_id: plan.asset_id,
          symbol: plan.symbol,
          quantity: plan.quantity,
          amount_usd: typeof amount === 'number' ? amount / 100 : null,
          unit_price_usd: price ?? null,
        },
        costMinor: typeof amount === 'number' ? amount : 'unknown',
      };
    },
  };
}

const purchaseFacts = (facts: unknown): PurchaseFacts => PurchaseFacts.parse(facts);
