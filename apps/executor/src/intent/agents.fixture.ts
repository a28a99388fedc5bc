import { EmailMessage } from '@actp/providers/email-message';
import { z } from 'zod';
import { PurchaseInput } from '../agents/purchase/input.ts';

/** The agents' names, inputs and examples, as intents see them. */
export const agents = [
  {
    name: 'research',
    does: 'Searches the web and sums up what it finds, with sources.',
    examples: ['Research the history of the bicycle'],
    input: z.strictObject({ topic: z.string().trim().min(1).max(400) }),
  },
  {
    name: 'communication',
    does: 'Sends one mail to one address, after a person has approved it.',
    examples: ['Send an email to ann@example.org with subject Lunch and say See you at noon'],
    input: EmailMessage,
  },
  {
    name: 'purchase',
    does: 'Buys a quantity of an asset, after a person has approved it.',
    examples: ['Buy 0.5 bitcoin'],
    input: PurchaseInput,
  },
];
