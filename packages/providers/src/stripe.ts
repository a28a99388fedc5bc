import type { Stripe } from 'stripe';
import type { EffectAnswer } from './effect-answer.ts';
import { Payment, type PaymentProvider } from './payment-provider.ts';
import { readFailure, readIntent } from './stripe/answer.ts';
import { stripeClient, type StripeSettings } from './stripe/client.ts';

export interface StripeOptions extends Omit<StripeSettings, 'timeoutMs'> {
  /** What is charged; Stripe's test card when left out, which a live key refuses. */
  paymentMethod?: string | undefined;
  timeoutMs?: number;
}

/** How long Stripe keeps an idempotency key at least, in seconds: 24 hours. */
const keyKeptSeconds = 86_400;
/** How far back a payment is looked for: longer than a key is kept, and a weekend. */
const lookedBackSeconds = 7 * 86_400;
const pageSize = 100;
const mostPages = 10;

/** Payments through Stripe: one PaymentIntent each, confirmed at once, which carries the effect's key where it can be found again. */
export function createStripePayments(options: StripeOptions): PaymentProvider {
  const { paymentMethod = 'pm_card_visa', timeoutMs = 15_000 } = options;
  const settings = { ...options, timeoutMs };

  return {
    name: 'stripe',
    keyKeptSeconds,

    async pay(payload, key, signal): Promise<EffectAnswer> {
      const payment = Payment.safeParse(payload);
      if (!payment.success) return { state: 'not_done', reason: 'The payment is not one that can be made.' };
      const { amount_minor: amount, currency, asset_id, quantity, unit_price_usd } = payment.data;
      const { stripe, result } = stripeClient(settings, signal);
      try {
        const intent = await stripe.paymentIntents.create(
          {
            amount,
            currency,
            confirm: true,
            payment_method: paymentMethod,
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            metadata: { effect_key: key, asset_id, quantity, unit_price_usd },
          },
          { idempotencyKey: key },
        );
        return isIntent(intent) ? readIntent(intent) : readFailure(undefined, result());
      } catch (error) {
        return readFailure(error, result());
      }
    },

    /** That none is found says nothing: the request may still be on its way. */
    async lookUp(_payment, key, signal): Promise<EffectAnswer | undefined> {
      try {
        const intent = await find(settings, key, signal);
        return intent && readIntent(intent);
      } catch {
        return undefined;
      }
    },
  };
}

async function find(settings: StripeSettings, key: string, signal: AbortSignal) {
  const since = Math.floor(Date.now() / 1_000) - lookedBackSeconds;
  let after: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { data, has_more: more } = await stripeClient(settings, signal).stripe.paymentIntents.list({
      limit: pageSize,
      created: { gte: since },
      ...(after === undefined ? {} : { starting_after: after }),
    });
    const found = data.find((intent) => intent.metadata['effect_key'] === key);
    if (found) return isIntent(found) ? found : undefined;
    after = data.at(-1)?.id;
    if (!more || after === undefined) return undefined;
  }
  return undefined;
}

/** What the library's types promise, of what came over the network. */
const isIntent = ({ id, object, status }: Stripe.PaymentIntent): boolean =>
  typeof id === 'string' && object === 'payment_intent' && typeof status === 'string';
