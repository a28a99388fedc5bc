import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import type { Chapter } from '../step.ts';
import { ask, cardOf, decide, ended, waiting } from '../tasks.ts';
import type { World } from '../world.ts';

const Purchased = z.object({
  payment_id: z.string(),
  provider: z.string(),
  asset_id: z.string(),
  amount_usd: z.number(),
});
const Problem = z.object({ errors: z.array(z.object({ field: z.string(), message: z.string() })) });

export const purchases = ({ ann, operator, outside }: World): Chapter => ({
  title: 'Purchases',
  steps: [
    {
      name: 'approved',
      async run() {
        const { id, approval_id } = await waiting(ann, await ask(ann, 'Buy 0.1 ethereum'));
        const { details } = await cardOf(operator, approval_id);
        checkEqual(
          [details['asset_id'], details['quantity'], details['unit_price_usd'], details['amount_usd']],
          ['ethereum', '0.1', '2543.21', 254.32],
          'what the card shows',
        );
        await decide(operator, approval_id, 'approved');
        const { result, cost_usd, effects } = await ended(ann, id, 'succeeded');
        const paid = Purchased.parse(result);
        checkEqual([paid.amount_usd, cost_usd], [254.32, 254.32], 'what was paid and counted');
        checkEqual(paid.provider, outside.payments, 'who was paid through');
        checkEqual(effects[0]?.reference, paid.payment_id, 'the record of the payment');
        checkEqual(outside.charges(), outside.payments === 'stripe' ? 1 : 0, 'the number of charges');
        return `0.1 ethereum for ${paid.amount_usd} USD; ${paid.provider} record ${paid.payment_id}`;
      },
    },
    {
      name: 'a price that has risen',
      async run() {
        const { id, approval_id } = await waiting(ann, await ask(ann, 'Buy 1 solana'));
        outside.coingecko.set({ id: 'solana', usd: '150' });
        await decide(operator, approval_id, 'approved');
        const { error, effects } = await ended(ann, id, 'failed', 'price_moved');
        checkEqual(effects, [], 'the effects');
        return `${error}`;
      },
    },
    {
      name: 'above max_spend',
      async run() {
        const id = await ask(ann, 'Buy 0.1 ethereum', { maxSpend: 100 });
        const { error, approval_id } = await ended(ann, id, 'failed', 'above_max_spend');
        checkEqual(approval_id, null, 'the approval');
        return `nobody is asked; Ann reads “${error}”`;
      },
    },
    {
      name: 'above the budget of the day',
      async run() {
        const id = await ask(ann, 'Buy 0.38 ethereum');
        const { error } = await ended(ann, id, 'failed', 'over_budget');
        return `Ann reads “${error}”`;
      },
    },
    {
      name: 'max_spend above MAX_SPEND_PER_TASK',
      async run() {
        const body = { prompt: 'Buy 0.1 ethereum', max_spend: 1_000.01 };
        const answer = await ann.call('/v1/tasks', { method: 'POST', body, expect: 400 });
        const [wrong] = Problem.parse(answer).errors;
        check(wrong?.field === 'max_spend', 'the answer has to name the field', answer);
        return `400, max_spend ${wrong.message}`;
      },
    },
  ],
});
