import type { EffectAnswer } from '@actp/providers/effect-answer';
import { Payment, type PaymentProvider } from '@actp/providers/payment-provider';
import type { Performance } from '../agent.ts';

/** How a payment is attempted and looked up at the provider that it was approved for. */
export function paymentOf(
  payments: PaymentProvider,
  approvedProvider: string,
): Pick<Performance, 'attempt' | 'lookUp'> {
  // One that was begun at another provider must not be made a second time at this one.
  if (payments.name !== approvedProvider) {
    const reason = `It was begun at ${approvedProvider}, which is not set any more.`;
    return { attempt: async () => ({ state: 'unknown', reason, again: false }) };
  }
  return {
    async attempt(payload, key, signal) {
      const payment = Payment.safeParse(payload);
      if (!payment.success) return { state: 'not_done', reason: 'The payment is not one that can be made.' };
      return withAmount(await payments.pay(payment.data, key, signal), payment.data);
    },
    async lookUp(payload, key, signal) {
      const payment = Payment.safeParse(payload);
      if (!payment.success) return undefined;
      const answer = await payments.lookUp?.(payment.data, key, signal);
      return answer && withAmount(answer, payment.data);
    },
  };
}

/** What was paid, for the agent that is run again and does not prepare again. */
function withAmount(answer: EffectAnswer, { amount_minor, unit_price_usd }: Payment): EffectAnswer {
  return answer.state === 'done'
    ? { ...answer, facts: { ...answer.facts, amount_minor, unit_price_usd } }
    : answer;
}
