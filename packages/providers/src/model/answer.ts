import { z } from 'zod';
import type { Tokens } from './cost.ts';

/** What an answer says beside its text, in either service's form. */
export interface AnswerFacts {
  tokens: Tokens | undefined;
  /** Why it ended: as it should, at the limit of tokens, held back by the service, or not said. */
  end: 'complete' | 'too_long' | 'blocked' | 'unclear';
}

const count = z.int().min(0).max(1e9).nullish().catch(undefined);
const Groq = z.looseObject({
  choices: z
    .array(z.looseObject({ finish_reason: z.string().nullish() }))
    .optional()
    .catch(undefined),
  usage: z
    .looseObject({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
const Gemini = z.looseObject({
  candidates: z
    .array(z.looseObject({ finishReason: z.string().nullish() }))
    .nullish()
    .catch(undefined),
  promptFeedback: z.looseObject({ blockReason: z.string().nullish() }).nullish().catch(undefined),
  usageMetadata: z
    .looseObject({
      promptTokenCount: count,
      toolUsePromptTokenCount: count,
      cachedContentTokenCount: count,
      candidatesTokenCount: count,
      // Paid for like the answer.
      thoughtsTokenCount: count,
    })
    .nullish()
    .catch(undefined),
});

/** Reads the facts of an answer whose text may be anything. */
export function factsOf(service: 'groq' | 'gemini', text: string): AnswerFacts {
  const body = parsed(text);
  return service === 'groq' ? groqFacts(body) : geminiFacts(body);
}

function groqFacts(body: unknown): AnswerFacts {
  const { data } = Groq.safeParse(body);
  const usage = data?.usage;
  const input = usage?.prompt_tokens ?? undefined;
  const reason = data?.choices?.[0]?.finish_reason;
  return {
    tokens:
      input === undefined
        ? undefined
        : {
            input,
            cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
            output: usage?.completion_tokens ?? 0,
          },
    end: reason === 'stop' ? 'complete' : reason === 'length' ? 'too_long' : 'unclear',
  };
}

function geminiFacts(body: unknown): AnswerFacts {
  const { data } = Gemini.safeParse(body);
  const usage = data?.usageMetadata;
  const input = usage?.promptTokenCount ?? undefined;
  const reason = data?.candidates?.[0]?.finishReason;
  return {
    tokens:
      input === undefined
        ? undefined
        : {
            input: input + (usage?.toolUsePromptTokenCount ?? 0),
            cached: usage?.cachedContentTokenCount ?? 0,
            output: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
          },
    end: geminiEnd(reason, data?.promptFeedback?.blockReason),
  };
}

const ends: Record<string, AnswerFacts['end']> = { STOP: 'complete', MAX_TOKENS: 'too_long' };
const unclear = new Set(['FINISH_REASON_UNSPECIFIED', 'OTHER', 'MALFORMED_FUNCTION_CALL', 'CONTINUATION']);

function geminiEnd(
  reason: string | null | undefined,
  blockReason: string | null | undefined,
): AnswerFacts['end'] {
  if (typeof reason !== 'string') return typeof blockReason === 'string' ? 'blocked' : 'unclear';
  return ends[reason] ?? (unclear.has(reason) ? 'unclear' : 'blocked');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
