import type { WebSearch } from '@actp/providers/brave';
import { addCosts, wholeMinor, type ModelCost } from '@actp/providers/model/cost';
import type { PageReader } from '@actp/providers/pages/page-reader';
import { ProviderError } from '@actp/providers/provider-error';
import { z } from 'zod';
import type { ProviderPrices } from '../prices/provider-prices.ts';
import type { Agent, AgentResult, JsonObject, RunContext } from './agent.ts';
import { extractSummary } from './research/extract.ts';
import { modelSummary } from './research/model-summary.ts';
import { sourcesOf, type ResearchSource, type SourceText } from './research/source.ts';
import { costOfFailure, summaryAtMostMinor, type Summariser } from './summariser.ts';

export interface ResearchDeps {
  web: WebSearch;
  pages: PageReader;
  prices: ProviderPrices;
  /** Without one, summaries are made of the sources' own sentences. */
  summariser: Summariser | undefined;
}

const ResearchInput = z.strictObject({ topic: z.string().trim().min(1).max(400) });
type ResearchInput = z.infer<typeof ResearchInput>;

const mostSources = 5;

/** What a run has come to, before it becomes a result. */
interface Summary {
  summary: string;
  method: 'model' | 'extract';
  note?: string;
  costMinor: ModelCost;
}

/**
 * Searches the web, reads the first pages and says what they say, with numbered sources. It has no effect outside: whatever a page or a
 * model writes, it becomes text for the person who asked.
 */
export function createResearch({ web, pages, prices, summariser }: ResearchDeps): Agent<ResearchInput> {
  async function run({ input: { topic }, signal, step }: RunContext<ResearchInput>): Promise<AgentResult> {
    const { results } = await web.search(topic, mostSources, signal);
    const hits = results.slice(0, mostSources);
    await step('search', { hits: hits.length });
    if (hits.length === 0) {
      const summary = 'The search found nothing about this topic.';
      return { result: { summary, sources: [], method: 'extract' }, costMinor: costOf(prices, 0) };
    }
    const read = await pages.readPages(
      hits.map(({ url }) => url),
      signal,
    );
    const { sources, texts } = sourcesOf(topic, hits, read);
    await step('read_pages', {
      read: sources.filter(({ fetched }) => fetched).length,
      not_read: sources.filter(({ fetched }) => !fetched).length,
      held_instructions: sources.filter(({ flagged }) => flagged !== undefined).length,
    });
    const { costMinor, ...summary } = await summarise(topic, sources, texts, signal);
    await step('summarise', { method: summary.method });
    const result: JsonObject = { ...summary, sources: sources.map((source) => ({ ...source })) };
    return { result, costMinor: costOf(prices, costMinor) };
  }

  async function summarise(
    topic: string,
    sources: readonly ResearchSource[],
    texts: readonly SourceText[],
    signal: AbortSignal,
  ): Promise<Summary> {
    const extract = (note: string, costMinor: ModelCost): Summary => {
      const summary = extractSummary(topic, texts) || 'The sources hold no text that could be summarised.';
      return { summary, method: 'extract', note, costMinor };
    };
    if (summariser === undefined)
      return extract('No language model is set up: these are sentences of the sources.', 0);
    try {
      const written = await summariser.summarise(topic, texts, signal);
      const summary = modelSummary(written.text, topic, sources);
      if (summary !== undefined) return { summary, method: 'model', costMinor: written.costMinor };
      const note = 'The summary of the language model cited no source: these are sentences of the sources.';
      return extract(note, written.costMinor);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      const note = `${error.message} These are sentences of the sources.`;
      return extract(note, costOfFailure(error, summariser));
    }
  }

  return {
    name: 'research',
    does: 'Searches the web, reads the first pages, and summarises what they say with numbered sources.',
    examples: ['Research heat pumps in old houses', 'Research how tides are predicted'],
    input: ResearchInput,
    estimateCost: async () => ({
      atMostMinor: costOf(prices, summariser === undefined ? 0 : summaryAtMostMinor(summariser)),
      facts: { searches: 1, search_price_usd: prices.searchUsd, search_price_of: prices.date },
    }),
    effects: () => [],
    run,
  };
}

/** One search and what the model costs, in whole cents: parts of a cent are added first, exactly. */
const costOf = ({ searchUsd }: ProviderPrices, modelMinor: ModelCost): ModelCost =>
  wholeMinor(addCosts(searchUsd * 100, modelMinor));
