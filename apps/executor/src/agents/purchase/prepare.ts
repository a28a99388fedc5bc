import type { Payment } from '@actp/providers/payment-provider';
import { hasRisenByMoreThan, toMinor } from '@actp/shared/money';
import { TaskError } from '../task-error.ts';
import { amountMinor } from './amount.ts';
import type { PlanDeps, PurchaseFacts } from './plan.ts';
import { freshPriceOf } from './price.ts';

/**
 * The last look before a payment: reads the price again and makes the payment of it.
 *
 * @param atMostMinor what the task may spend at most
 * @throws TaskError when the price is not the one that was approved any more
 */
export async function preparePayment(
  deps: PlanDeps,
  plan: PurchaseFacts,
  atMostMinor: number,
  signal: AbortSignal,
): Promise<Payment> {
  if (plan.provider !== deps.payments.name) {
    const message = `It was approved for ${plan.provider}, and payments are made by ${deps.payments.name} now. Ask again.`;
    throw new TaskError('provider_changed', message);
  }
  const price = await freshPriceOf(deps, plan.asset_id, signal);
  const amount = amountMinor(plan.quantity, price.usd);
  const most = Math.min(toMinor(String(plan.at_most_usd), 'half_up'), atMostMinor);
  const risen = hasRisenByMoreThan(deps.tolerancePercent, plan.unit_price_usd, price.usd);
  if (risen || amount > most) {
    const message = `The price of ${plan.asset_id} has moved from ${plan.unit_price_usd} to ${price.usd} USD since it was approved: nothing was paid.`;
    throw new TaskError('price_moved', message);
  }
  return {
    amount_minor: amount,
    currency: 'usd',
    asset_id: plan.asset_id,
    quantity: plan.quantity,
    unit_price_usd: price.usd,
  };
}
