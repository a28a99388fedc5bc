import type { ModelCost } from '@actp/providers/model/cost';
import type { Models } from '@actp/providers/model/models';
import type { ProviderError } from '@actp/providers/provider-error';
import { inputTokensAtMost, mostOutputTokens, summaryPrompt, summarySystem } from './research/prompt.ts';
import type { SourceText } from './research/source.ts';

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
  ): Promise<{ text: string; costMinor: ModelCost }>;
  /** What one summary of so many tokens costs at most. */
  atMostMinor(tokensIn: number, tokensOut: number): ModelCost;
}

/** The part of language models that a summary needs. */
export interface SummaryModels extends Pick<Models, 'names'> {
  text(question: Parameters<Models['text']>[0]): Promise<{ value: string; costMinor: ModelCost }>;
  /** Of all attempts that they may make for one question. */
  costAtMost(tokens: { input: number; output: number }): ModelCost;
}

/**
 * A summariser that asks language models; undefined when there is none. The sources go to them as data, with their instructions taken out.
 */
export function createSummariser(models: SummaryModels): Summariser | undefined {
  if (models.names.length === 0) return undefined;
  return {
    async summarise(topic, sources, signal) {
      const { value, costMinor } = await models.text({
        system: summarySystem,
        prompt: summaryPrompt(topic, sources),
        maxOutputTokens: mostOutputTokens,
        signal,
      });
      return { text: value, costMinor };
    },
    atMostMinor: (input, output) => models.costAtMost({ input, output }),
  };
}

/** What a summary of a research costs at most. */
export const summaryAtMostMinor = (summariser: Summariser): ModelCost =>
  summariser.atMostMinor(inputTokensAtMost, mostOutputTokens);

/** What was spent on a summary that failed: what the error knows, or the most that it can have been. */
export function costOfFailure(error: ProviderError, summariser: Summariser): ModelCost {
  const spent: unknown = 'costMinor' in error ? error.costMinor : undefined;
  return typeof spent === 'number' || spent === 'unknown' ? spent : summaryAtMostMinor(summariser);
}
