import { generateText, Output, type LanguageModel, type FlexibleSchema } from 'ai';
import { callApi, type CallResult } from '../http/call.ts';
import { factsOf } from './answer.ts';
import type { Tokens } from './cost.ts';
import { failureOf, outOfTime, type Failure } from './failure.ts';

/** A service that runs language models. */
export interface Service {
  name: 'groq' | 'gemini';
  /** For people. */
  title: string;
  model: string;
  /** Set where the model thinks before it answers: short questions need little of it, and it is paid for. */
  reasoning?: 'low' | undefined;
  /** The model, reached through this fetch. */
  connect(fetch: typeof globalThis.fetch): LanguageModel;
}

export interface Question<T> {
  system: string;
  prompt: string;
  /** The form of the answer; text when left out. */
  schema?: FlexibleSchema<T> | undefined;
  maxOutputTokens: number;
}

export interface AttemptLimits {
  timeoutMs: number;
  maxBytes: number;
  signal: AbortSignal;
}

export type Attempt<T> = { tokens: Tokens | undefined } & ({ value: T } | { failure: Failure });

/**
 * Asks a model once. Never throws for what a service may do.
 */
export async function attempt<T>(
  service: Service,
  question: Question<T>,
  limits: AttemptLimits,
): Promise<Attempt<T | string>> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([limits.signal, timeout]);
  const calls: CallResult[] = [];
  const fetch = oneCall(calls, limits, signal);
  const answered = await ask(service, fetch, question, signal);
  const [result] = calls;
  // Stopped before it was sent.
  if (result === undefined) return { tokens: undefined, failure: outOfTime };
  const failure = failureOf(result, signal.aborted);
  if (result.kind !== 'answer' || result.status >= 300) return { tokens: undefined, failure };
  const { tokens, end } = factsOf(service.name, result.text);
  if (end === 'blocked') {
    return { tokens, failure: { kind: 'refused', what: 'holds its answer back', again: false } };
  }
  if (end === 'too_long') {
    return { tokens, failure: { kind: 'unreadable', what: 'gave an answer that is too long', again: false } };
  }
  return answered === undefined ? { tokens, failure } : { tokens, value: answered.value };
}

async function ask<T>(
  service: Service,
  fetch: typeof globalThis.fetch,
  { system, prompt, schema, maxOutputTokens }: Question<T>,
  abortSignal: AbortSignal,
): Promise<{ value: T | string } | undefined> {
  const settings = {
    model: service.connect(fetch),
    ...(service.reasoning && { reasoning: service.reasoning }),
    instructions: system,
    prompt,
    maxOutputTokens,
    temperature: 0,
    // Retries are counted over all services, not here.
    maxRetries: 0,
    abortSignal,
    telemetry: { isEnabled: false },
    // Not every keyword of a schema is taken in strict mode, and the answer is checked here anyway.
    providerOptions: { groq: { strictJsonSchema: false } },
    // An answer may name addresses that the library would fetch.
    experimental_download: () => Promise.resolve([]),
  };
  try {
    if (schema === undefined) {
      const { text } = await generateText(settings);
      return text.trim() === '' ? undefined : { value: text };
    }
    const { output } = await generateText({ ...settings, output: Output.object({ schema }) });
    return { value: output };
  } catch {
    // Why is read from the answer itself.
    return undefined;
  }
}

/** A fetch that calls once, within limits, and keeps what came of it; an answer may ask the library to go on. */
function oneCall(
  calls: CallResult[],
  { timeoutMs, maxBytes }: AttemptLimits,
  signal: AbortSignal,
): typeof globalThis.fetch {
  return async (input, init) => {
    if (calls.length > 0) throw new Error('one call is made at most');
    if (typeof input !== 'string' && !(input instanceof URL)) throw new Error('an address is expected');
    if (typeof init?.body !== 'string') throw new Error('a text is sent');
    const result = await callApi({
      method: 'POST',
      url: new URL(input),
      headers: Object.fromEntries(new Headers(init.headers)),
      body: init.body,
      signal,
      timeoutMs,
      maxBytes,
    });
    calls.push(result);
    if (result.kind !== 'answer') throw new Error(result.reason);
    const headers = { 'content-type': 'application/json' };
    return new Response(result.text === '' ? null : result.text, { status: result.status, headers });
  };
}
