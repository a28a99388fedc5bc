import { startGemini, type Gemini } from '@actp/testing/gemini/server';
import { startGroq, type Groq } from '@actp/testing/groq/server';
import { afterEach, beforeEach } from 'vitest';
import { z } from 'zod';
import { ModelError } from './model-error.ts';
import type { ModelLimits } from './ask-in-turn.ts';
import { createModels } from './models.ts';
import { parseModelPrices } from './prices.ts';

const prices = parseModelPrices(
  `date: 2026-06-04
models:
  groq:g1: { input_usd_per_million: 100, output_usd_per_million: 200, cached_usd_per_million: 50 }
  gemini:m1: { input_usd_per_million: 1000, output_usd_per_million: 2000 }`,
  'prices',
);
export const usage = { input: 1_000, output: 100 };
// 1,000 x 0.01 + 100 x 0.02 cents, and ten times as much.
export const [groqCents, geminiCents] = [12, 120];
export const Colour = z.strictObject({ colour: z.enum(['red', 'blue']) });
export const question = { system: 'Name a colour.', prompt: 'the sky', maxOutputTokens: 50 };
export const signal = () => new AbortController().signal;

interface Keys {
  groq?: string | undefined;
  gemini?: string | undefined;
}

/** Groq, which says red, and Gemini, which says blue, anew for each test. */
export function useTwoModels() {
  let groq: Groq;
  let gemini: Gemini;
  beforeEach(async () => {
    [groq, gemini] = await Promise.all([
      startGroq({ model: () => ({ text: '{"colour":"red"}', usage }) }),
      startGemini({ model: () => ({ text: '{"colour":"blue"}', usage }) }),
    ]);
  });
  afterEach(() => Promise.all([groq.stop(), gemini.stop()]));

  const models = (limits: Partial<ModelLimits> = {}, keys: Keys = { groq: groq.key, gemini: gemini.key }) =>
    createModels(
      {
        GROQ_API_KEY: keys.groq,
        GROQ_BASE_URL: groq.baseUrl,
        GROQ_MODEL: 'g1',
        GEMINI_API_KEY: keys.gemini,
        GEMINI_BASE_URL: gemini.baseUrl,
        GEMINI_MODEL: 'm1',
      },
      prices,
      { shortestWaitMs: 1, ...limits },
    );
  return {
    get groq() {
      return groq;
    },
    get gemini() {
      return gemini;
    },
    models,
    /** With more time than any machine needs. */
    patient: (keys?: Keys) => models({ attemptMs: 200_000, totalMs: 200_000 }, keys),
    /** How often each was asked. */
    asked: () => [groq.log.requests.length, gemini.log.requests.length],
    colour: (made = models()) => made.object({ ...question, schema: Colour, signal: signal() }),
  };
}

export async function errorOf(answer: Promise<unknown>): Promise<ModelError> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ModelError)) throw new Error('no ModelError', { cause: error });
  return error;
}
