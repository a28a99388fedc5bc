import type { ProviderError } from '@actp/providers/provider-error';
import { inputTokensAtMost, mostOutputTokens, summaryPrompt, summarySystem } from './research/prompt.ts';
import type { SourceText } from './research/source.ts';

/** Minor units, perhaps a part of one; `unknown` when nobody knows the model's price. */
export type SummaryCost = number | 'unknown';

/** Writes a summary of what sources say. */
export interface Summariser {
  /**
   * @returns what the model wrote, which is as untrusted as its sources
   * @throws ProviderError; one that knows what was spent says so in `costMinor`
   */
  summarise(
    topic: string,
    sources: readonly SourceText[],
    signal: AbortSignal,
  ): Promise<{ text: string; costMinor: SummaryCost }>;
  /** What one summary of so many tokens costs at most. */
  atMostMinor(tokensIn: number, tokensOut: number): SummaryCost;
}

/** The part of a language model that a summary needs. */
export interface SummaryModel {
  text(question: {
    system: string;
    prompt: string;
    maxOutputTokens: number;
    signal: AbortSignal;
  }): Promise<{ value: string; costMinor: SummaryCost }>;
}

export interface SummariserDeps {
  model: SummaryModel;
  /** Of all attempts that the model may make. */
  modelCostAtMost: (tokens: { input: number; output: number }) => SummaryCost;
}

/** A summariser that asks a language model. The sources go to it as data, with their instructions taken out. */
export function createSummariser({ model, modelCostAtMost }: SummariserDeps): Summariser {
  return {
    async summarise(topic, sources, signal) {
      const { value, costMinor } = await model.text({
        system: summarySystem,
        prompt: summaryPrompt(topic, sources),
        maxOutputTokens: mostOutputTokens,
        signal,
      });
      return { text: value, costMinor };
    },
    atMostMinor: (input, output) => modelCostAtMost({ input, output }),
  };
}

/** What a summary of a research costs at most. */
export const summaryAtMostMinor = (summariser: Summariser): SummaryCost =>
  summariser.atMostMinor(inputTokensAtMost, mostOutputTokens);

/** What was spent on a summary that failed: what the error knows, or the most that it can have been. */
export function costOfFailure(error: ProviderError, summariser: Summariser): SummaryCost {
  const spent: unknown = 'costMinor' in error ? error.costMinor : undefined;
  return typeof spent === 'number' || spent === 'unknown' ? spent : summaryAtMostMinor(summariser);
}
