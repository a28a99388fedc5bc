import { createModels } from '@actp/providers/model/models';
import { parseModelPrices } from '@actp/providers/model/prices';
import { startGroq, type Groq } from '@actp/testing/groq/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createResearchWorld, type ResearchWorld } from './research.fixture.ts';

const prices = parseModelPrices(
  'date: 2026-06-04\nmodels:\n  groq:g1: { input_usd_per_million: 10, output_usd_per_million: 20 }',
  'prices',
);
let world: ResearchWorld;
let groq: Groq;
beforeEach(async () => {
  world = await createResearchWorld();
  groq = await startGroq();
  world.brave.setHits([world.hit('/a', '<p>Tides follow the moon twice a day.</p>')]);
});
afterEach(async () => {
  await world.stop();
  await groq.stop();
});

function agent(key: string | undefined) {
  const models = createModels(
    {
      GROQ_API_KEY: key,
      GROQ_BASE_URL: groq.baseUrl,
      GROQ_MODEL: 'g1',
      GEMINI_BASE_URL: groq.url,
      GEMINI_MODEL: 'm1',
    },
    prices,
    { shortestWaitMs: 1, attemptMs: 200_000, totalMs: 250_000 },
  );
  return world.agentWith(models);
}
const run = async () => agent(groq.key).run(world.context('tides'));

describe('[TASK-002] research with a language model', () => {
  it('is summarised by it, at its price', async () => {
    groq.use(() => ({ text: 'They follow the moon [1].', usage: { input: 1_000, output: 100 } }));
    // Half a cent for the search, 1.2 for the model.
    expect(await run()).toMatchObject({
      result: { summary: 'They follow the moon [1].', method: 'model' },
      costMinor: 2,
    });
  });

  it('is an extract, and says why, while no model answers', async () => {
    groq.faults.add({ kind: '5xx_before_effect', times: 'always' });
    expect(await run()).toMatchObject({
      result: {
        summary: 'Tides follow the moon twice a day. [1]',
        method: 'extract',
        note: expect.stringContaining('Groq'),
      },
      costMinor: 1,
    });
  });

  it('is an extract without a key', async () => {
    const { costMinor, result } = await agent(undefined).run(world.context('tides'));
    expect(result).toMatchObject({
      method: 'extract',
      note: expect.stringContaining('No language model is set up'),
    });
    expect(costMinor).toBe(1);
    expect(groq.log.requests).toEqual([]);
  });
});
