import { setTimeout as delay } from 'node:timers/promises';
import { redact } from '@actp/redaction/redact';
import { attempt, type Question, type Service } from './attempt.ts';
import { addCosts, addTokens, costOf, noTokens, type ModelCost, type Tokens } from './cost.ts';
import type { Failure } from './failure.ts';
import { ModelError } from './model-error.ts';
import type { ModelPrices } from './prices.ts';

export interface ModelAnswer<T> {
  value: T;
  /** `groq:<model>` or `gemini:<model>`. */
  model: string;
  /** Of all attempts, as far as the answers say; the next three likewise. */
  tokens: Tokens;
  costMinor: ModelCost;
}

export interface ModelLimits {
  /** For one attempt. */
  attemptMs: number;
  /** For all of them, with the waiting between. */
  totalMs: number;
  /** The longest that a service is waited for before it is asked again. */
  longestWaitMs: number;
  /** How long it is waited for when it does not say. */
  shortestWaitMs: number;
  /** What is read of an answer. */
  maxBytes: number;
}

interface Spent {
  tokens: Tokens;
  costMinor: ModelCost;
}

const nothing: Spent = { tokens: noTokens, costMinor: 0 };
const noKey = 'No language model is set up: it needs GROQ_API_KEY or GEMINI_API_KEY.';

export const nameOf = ({ name, model }: Service): string => `${name}:${model}`;

/**
 * Asks one service after the other until one answers.
 *
 * @throws ModelError
 */
export async function askInTurn<T>(
  services: readonly Service[],
  prices: ModelPrices,
  within: ModelLimits,
  { signal, ...asked }: Question<T> & { signal: AbortSignal },
): Promise<ModelAnswer<T | string>> {
  const question = { ...asked, system: redact(asked.system), prompt: redact(asked.prompt) };
  const over = AbortSignal.any([signal, AbortSignal.timeout(within.totalMs)]);
  if (services.length === 0) throw new ModelError('not_configured', noKey, nothing);
  const failures: { title: string; failure: Failure }[] = [];
  let spent: Spent = nothing;
  let mayRepeat = true;

  for (const service of services) {
    for (;;) {
      if (over.aborted) break;
      const made = await attempt(service, question, {
        timeoutMs: within.attemptMs,
        maxBytes: within.maxBytes,
        signal: over,
      });
      const paid = made.tokens ?? (isPaid(made) ? atMost(question) : noTokens);
      const cost = paid === noTokens ? 0 : costOf(paid, prices.priceOf(nameOf(service)));
      spent = { tokens: addTokens(spent.tokens, paid), costMinor: addCosts(spent.costMinor, cost) };
      if ('value' in made) return { value: made.value, model: nameOf(service), ...spent };
      failures.push({ title: service.title, failure: made.failure });
      const { again, afterMs } = made.failure;
      if (!again || !mayRepeat || (afterMs ?? 0) > within.longestWaitMs) break;
      mayRepeat = false;
      // With a part by chance, so that tasks do not come back all at once.
      await waitFor(afterMs ?? within.shortestWaitMs * (1 + Math.random()), over);
    }
  }
  throw errorOf(failures, spent);
}

const isPaid = (made: { value: unknown } | { failure: Failure }): boolean =>
  'value' in made || made.failure.spent === true;

/** No text has more tokens than bytes: counted where tokens were spent and nobody says how many. */
const atMost = ({ system, prompt, maxOutputTokens }: Question<unknown>): Tokens => ({
  input: Buffer.byteLength(system) + Buffer.byteLength(prompt),
  cached: 0,
  output: maxOutputTokens,
});

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);

function errorOf(failures: readonly { title: string; failure: Failure }[], spent: Spent): ModelError {
  const last = failures.at(-1);
  if (last === undefined) {
    return new ModelError('unavailable', 'No language model was asked: the time for it was over.', spent);
  }
  const said = [...new Map(failures.map(({ title, failure }) => [title, failure.what]))];
  const message = `No language model has answered: ${said.map(([title, what]) => `${title} ${what}`).join('; ')}.`;
  const { kind, afterMs } = last.failure;
  return new ModelError(kind, message, spent, afterMs === undefined ? {} : { retryAfterMs: afterMs });
}
