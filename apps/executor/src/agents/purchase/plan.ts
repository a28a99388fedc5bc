import type { PaymentProvider } from '@actp/providers/payment-provider';
import { increaseByPercent } from '@actp/shared/money';
import { z } from 'zod';
import { amountMinor } from './amount.ts';
import type { PurchaseInput } from './input.ts';
import { freshPriceOf, lookedUp, type PriceDeps } from './price.ts';

/** What a purchase was planned with; stored, shown on the card, and compared with when it is paid. */
export const PurchaseFacts = z.object({
  asset_id: z.string(),
  symbol: z.string(),
  name: z.string(),
  /** Decimal texts. */
  quantity: z.string(),
  unit_price_usd: z.string(),
  amount_usd: z.number(),
  at_most_usd: z.number(),
  price_at: z.string(),
  price_age_seconds: z.number(),
  price_source: z.literal('CoinGecko'),
  provider: z.string(),
});
export type PurchaseFacts = z.infer<typeof PurchaseFacts>;

export interface PlanDeps extends PriceDeps {
  payments: PaymentProvider;
  tolerancePercent: number;
}

/**
 * Finds the coin, reads its price, and says what the purchase may cost at most when the price rises as far as it may.
 *
 * @throws TaskError when there is no such coin, or no price of now
 */
export async function planPurchase(
  deps: PlanDeps,
  { asset, quantity }: PurchaseInput,
  signal: AbortSignal,
): Promise<{ facts: PurchaseFacts; atMostMinor: number }> {
  const coin = await lookedUp(deps.coingecko.find(asset, signal));
  const price = await freshPriceOf(deps, coin.id, signal);
  const amount = amountMinor(quantity, price.usd);
  const atMostMinor = increaseByPercent(amount, deps.tolerancePercent, 'down');
  const facts: PurchaseFacts = {
    asset_id: coin.id,
    symbol: coin.symbol,
    name: coin.name,
    quantity,
    unit_price_usd: price.usd,
    amount_usd: amount / 100,
    at_most_usd: atMostMinor / 100,
    price_at: price.at,
    price_age_seconds: price.ageSeconds,
    price_source: 'CoinGecko',
    provider: deps.payments.name,
  };
  return { facts, atMostMinor };
}
