import { createResend, resendKeyKeptSeconds } from '@actp/providers/resend';
import type { EffectAnswer } from '@actp/providers/effect-answer';
import { z } from 'zod';
import type { Agent, JsonObject } from './agents/agent.ts';
import type { ExecutorParts } from './executor.ts';
import { TaskError } from './agents/task-error.ts';
import { NotUnderstood } from './intent/not-understood.ts';

/** What the agents of a test find outside, and how a prompt names them: `read <word>`, `mail <address>`, `pay <cents>`. */
export interface OutsideOfTest {
  resendUrl: string;
  /** Called by the agent that pays; a payment provider with keys. */
  pay?: (payload: JsonObject, key: string) => Promise<EffectAnswer>;
  /** Whether it was paid; without it nobody can be asked. */
  lookUp?: () => Promise<EffectAnswer | undefined>;
}

const Words = z.strictObject({ word: z.string() });

/** Agents that do just what a test of the engine needs, and a parser that understands their names. */
export function partsOfTest({ resendUrl, pay, lookUp }: OutsideOfTest): ExecutorParts {
  const resend = createResend({ apiKey: 'key-of-a-test', baseUrl: resendUrl, timeoutMs: 2_000 });
  const research: Agent<{ word: string }> = {
    name: 'research',
    does: 'Reads.',
    examples: [],
    input: Words,
    estimateCost: ({ word }) =>
      Promise.resolve({
        atMostMinor: word === 'dear' ? 2_000 : word === 'unpriced' ? 'unknown' : 2,
        facts: {},
      }),
    effects: () => [],
    async run({ input, step }) {
      await step('search', { word: input.word });
      if (input.word === 'nothing') throw new TaskError('nothing_found', 'there is nothing');
      return { result: { text: `about ${input.word}` }, costMinor: 1 };
    },
  };
  const communication: Agent<{ word: string }> = {
    name: 'communication',
    does: 'Mails.',
    examples: [],
    input: Words,
    estimateCost: () => Promise.resolve({ atMostMinor: 0, facts: {} }),
    effects: ({ word }) => [
      {
        kind: 'email',
        action: 'email.send',
        details: { to: word, subject: 'Hello', text: 'Good morning' },
        meaning: { to: word, content: { subject: 'Hello', text: 'Good morning' } },
      },
    ],
    async run({ input, perform }) {
      const done = await perform(0, {
        keyKeptSeconds: resendKeyKeptSeconds,
        prepare: () =>
          Promise.resolve({
            from: 'plane@example.com',
            to: input.word,
            subject: 'Hello',
            text: 'Good morning',
          }),
        attempt: (payload, key, signal) => resend.sendEmail(payload, key, signal),
      });
      return { result: { sent: true, email_id: done.reference }, costMinor: 0 };
    },
  };
  const purchase: Agent<{ word: string }> = {
    name: 'purchase',
    does: 'Pays.',
    examples: [],
    input: Words,
    estimateCost: ({ word }) => Promise.resolve({ atMostMinor: Number(word), facts: {} }),
    effects: ({ word }) => [
      {
        kind: 'payment',
        action: 'payment.purchase',
        details: { amount_usd: Number(word) / 100 },
        meaning: { to: 'bitcoin', content: { amount: word } },
      },
    ],
    async run({ input, perform }) {
      const done = await perform(0, {
        keyKeptSeconds: 86_400,
        prepare: () =>
          Promise.resolve({
            amount_minor: Number(input.word),
            currency: 'usd',
            asset_id: 'bitcoin',
            quantity: '1',
            unit_price_usd: String(Number(input.word) / 100),
          }),
        ...(lookUp && { lookUp }),
        attempt: (payload, key) =>
          pay?.(payload, key) ?? Promise.resolve({ state: 'done', reference: `paid-${key.slice(-8)}` }),
      });
      return { result: { paid: true, reference: done.reference }, costMinor: Number(input.word) };
    },
  };
  const names: Record<string, string> = {
    read: 'research',
    mail: 'communication',
    pay: 'purchase',
    fly: 'travel',
  };
  return {
    agents: [research, communication, purchase],
    parseIntent: (prompt) => {
      if (prompt === 'ponder')
        throw new NotUnderstood('a model had no idea', { costMinor: 1.2, findings: [] });
      const [verb = '', word = ''] = prompt.split(' ');
      const agent = names[verb];
      if (agent === undefined) throw new TaskError('not_understood', 'no such sentence');
      return Promise.resolve({ agent, input: { word }, by: 'sentences', costMinor: 0 });
    },
  };
}
