import { createBrave } from '@actp/providers/brave';
import type { ModelCost } from '@actp/providers/model/cost';
import { createPageReader } from '@actp/providers/pages/page-reader';
import { startBrave } from '@actp/testing/brave/server';
import { startPages } from '@actp/testing/pages/server';
import type { JsonObject, RunContext } from '../agent.ts';
import { createResearch } from '../research.ts';
import { createSummariser, type SummaryModels } from '../summariser.ts';

type Question = Parameters<SummaryModels['text']>[0];

export type ResearchWorld = Awaited<ReturnType<typeof createResearchWorld>>;

/** A search, a web site and, once it is told what to write, a model, with the research agent on them. */
export async function createResearchWorld() {
  const brave = await startBrave();
  const site = await startPages();
  const prices = { date: '2026-06-04', searchUsd: 0.005 };
  const questions: Question[] = [];
  const steps: { name: string; facts: JsonObject }[] = [];
  const web = (apiKey: string | undefined) => createBrave({ baseUrl: brave.url, apiKey, timeoutMs: 60_000 });
  // The site is on loopback, which is what readers refuse but in tests.
  const pages = createPageReader({
    lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    isAllowed: (address) => address === '127.0.0.1',
    ports: [site.port],
    pageTimeoutMs: 60_000,
    timeoutMs: 60_000,
  });

  const modelOf = (write: (question: Question) => string | Promise<string>, costMinor: ModelCost) =>
    createSummariser({
      names: ['groq:g1'],
      async text(question) {
        questions.push(question);
        return { value: await write(question), costMinor };
      },
      costAtMost: ({ input, output }) => (input + output) / 100_000,
    });

  return {
    brave,
    site,
    questions,
    steps,
    /** The agent; without `write` there is no model. */
    agent: (
      write?: (question: Question) => string | Promise<string>,
      { costMinor = 0.3, apiKey = brave.key }: { costMinor?: ModelCost; apiKey?: string | undefined } = {},
    ) =>
      createResearch({
        web: web(apiKey),
        pages,
        prices,
        summariser: write && modelOf(write, costMinor),
      }),
    /** The agent with these models. */
    agentWith: (models: SummaryModels) =>
      createResearch({ web: web(brave.key), pages, prices, summariser: createSummariser(models) }),
    withoutKey: () =>
      createResearch({
        web: web(undefined),
        pages,
        prices,
        summariser: undefined,
      }),
    /** A page of the site that the search finds. */
    hit(path: string, html?: string, description = `About ${path} and the tides, in a few words.`) {
      if (html !== undefined) site.setHtml(path, html);
      return { title: `Page ${path}`, url: site.at(path), description };
    },
    /** Whoever performs an effect fails the test. */
    context: (topic: string, signal = new AbortController().signal): RunContext<{ topic: string }> => ({
      taskId: '6f1c1d9e-5a34-4b7e-9a76-0d9b6a5c0001',
      signal,
      input: { topic },
      facts: {},
      atMostMinor: 100,
      perform: () => Promise.reject(new Error('research has no effect outside')),
      step: async (name, facts) => void steps.push({ name, facts }),
    }),
    async stop(): Promise<void> {
      await brave.stop();
      await site.stop();
    },
  };
}
