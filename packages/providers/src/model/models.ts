import { jsonSchema } from 'ai';
import { z } from 'zod';
import { askInTurn, nameOf, type ModelAnswer, type ModelLimits } from './ask-in-turn.ts';
import { addCosts, costOf, type ModelCost } from './cost.ts';
import type { ModelPrices } from './prices.ts';
import { servicesOf, type ModelSettings } from './services.ts';

export interface ModelQuestion {
  /** What the model is to do; the caller's own words. */
  system: string;
  /** What it works on. Secrets are taken out before it leaves. */
  prompt: string;
  maxOutputTokens: number;
  signal: AbortSignal;
}

export interface ObjectQuestion<T> extends ModelQuestion {
  /** What the answer has to be; another one is a failure. */
  schema: z.ZodType<T>;
  /** What the model is told of the form, when that is more than the schema says. */
  form?: Record<string, unknown>;
}

export interface Models {
  /** The models in the order in which they are asked; none without a key. */
  names: readonly string[];
  /** What one question of so many tokens costs at most, with everybody who may be asked, and once again. */
  costAtMost(tokens: { input: number; output: number }): ModelCost;
  /** @throws ModelError */
  object<T>(question: ObjectQuestion<T>): Promise<ModelAnswer<T>>;
  /** @throws ModelError */
  text(question: ModelQuestion): Promise<ModelAnswer<string>>;
}

// Models answer a short question in a second or two; a summary of pages takes some seconds more.
const usual: ModelLimits = {
  attemptMs: 20_000,
  totalMs: 45_000,
  longestWaitMs: 5_000,
  shortestWaitMs: 200,
  maxBytes: 1024 * 1024,
};

/**
 * Language models, by the keys that there are: Groq first, then Gemini. A question is repeated once at most, whoever is asked; then
 * the next service has its turn, and then it is over. Takes secrets out of what it sends.
 */
export function createModels(
  env: ModelSettings,
  prices: ModelPrices,
  limits: Partial<ModelLimits> = {},
): Models {
  // The library would print its warnings, and they may quote what was asked. It has no other switch.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const services = servicesOf(env);
  const within = { ...usual, ...limits };
  return {
    names: services.map(nameOf),
    costAtMost({ input, output }) {
      const each = services.map((service) =>
        costOf({ input, cached: 0, output }, prices.priceOf(nameOf(service))),
      );
      const known = each.filter((cost) => cost !== 'unknown');
      return addCosts(...each, Math.max(0, ...known));
    },
    async object({ schema, form, ...question }) {
      // What is said of the form, and what is checked, are two things.
      const checked = jsonSchema<unknown>(form ?? z.toJSONSchema(schema), {
        validate: (value) => {
          const result = schema.safeParse(value);
          // Taken as it is: a schema that transforms does so once, below.
          return result.success ? { success: true, value } : { success: false, error: result.error };
        },
      });
      const answer = await askInTurn(services, prices, within, { ...question, schema: checked });
      return { ...answer, value: schema.parse(answer.value) };
    },
    async text(question) {
      const answer = await askInTurn<string>(services, prices, within, question);
      return { ...answer, value: answer.value };
    },
  };
}
