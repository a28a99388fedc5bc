import { z } from 'zod';
import type { EffectAnswer } from './effect-answer.ts';

/** What is paid: money in whole minor units, and what for. */
export const Payment = z.strictObject({
  amount_minor: z.int().min(1),
  currency: z.literal('usd'),
  asset_id: z.string().min(1).max(120),
  /** Decimal texts. */
  quantity: z.string().min(1).max(80),
  unit_price_usd: z.string().min(1).max(130),
});
export type Payment = z.infer<typeof Payment>;

/** Who carries out payments. The same key and payment may be given again and pay once, as long as the key is kept. */
export interface PaymentProvider {
  /** As people know it: `ledger`, `stripe`. */
  name: string;
  keyKeptSeconds: number;
  /** One attempt. Never throws for what the provider may do. */
  pay(payment: Payment, key: string, signal: AbortSignal): Promise<EffectAnswer>;
  /** Whether it was paid; undefined when the provider does not say. */
  lookUp?(payment: Payment, key: string, signal: AbortSignal): Promise<EffectAnswer | undefined>;
}
