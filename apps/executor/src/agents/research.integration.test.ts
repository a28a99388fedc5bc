import { ProviderError } from '@actp/providers/provider-error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createResearchWorld, type ResearchWorld } from './research/research.fixture.ts';

let world: ResearchWorld;
beforeEach(async () => {
  world = await createResearchWorld();
});
afterEach(() => world.stop());

const topic = 'how tides follow the moon';
const page = (text: string) => `<title>T</title><nav>menu menu menu</nav><p>${text}</p>`;

/** Two pages that can be read and one that cannot. */
function setThree(): void {
  world.brave.setHits([
    world.hit('/a', page('Tides follow the moon twice a day everywhere.')),
    world.hit(
      '/missing',
      undefined,
      'The <strong>moon</strong> pulls at the tides of the sea &amp; the land.',
    ),
    world.hit('/c', page('Tides are highest when the moon is full or new.')),
  ]);
}

describe('the research agent', () => {
  it('summarises pages with a model, with numbered sources', async () => {
    setThree();
    const agent = world.agent(() => 'The tides follow the moon [1], as all agree [2, 3]. More in [9].');
    const { result, costMinor } = await agent.run(world.context(topic));
    expect(result).toEqual({
      summary: 'The tides follow the moon [1], as all agree [2][3]. More in .',
      method: 'model',
      sources: [
        { n: 1, title: 'Page /a', url: world.site.at('/a'), fetched: true },
        {
          n: 2,
          title: 'Page /missing',
          url: world.site.at('/missing'),
          fetched: false,
          problem: 'its server answered with 404',
        },
        { n: 3, title: 'Page /c', url: world.site.at('/c'), fetched: true },
      ],
    });
    // Half a cent for the search, three tenths for the model: a whole cent.
    expect(costMinor).toBe(1);
    expect(world.steps.map(({ name }) => name)).toEqual(['search', 'read_pages', 'summarise']);
    const [question] = world.questions;
    expect(question?.prompt).toContain('Tides follow the moon twice a day everywhere.');
    expect(question?.prompt).toContain('The moon pulls at the tides of the sea & the land.');
    expect(question?.prompt).not.toContain('menu');
  });

  it('makes an extract without a model', async () => {
    setThree();
    const { result, costMinor } = await world.agent().run(world.context(topic));
    expect(result).toMatchObject({
      summary: [
        'Tides follow the moon twice a day everywhere. [1]',
        'The moon pulls at the tides of the sea & the land. [2]',
        'Tides are highest when the moon is full or new. [3]',
      ].join('\n'),
      method: 'extract',
      note: expect.stringContaining('No language model is set up'),
      sources: [{ n: 1 }, { n: 2 }, { n: 3 }],
    });
    expect(costMinor).toBe(1);
  });

  it.each([
    [
      'fails, and knows what was spent',
      () => {
        throw Object.assign(new ProviderError('limited', 'Groq allows no more requests.'), {
          costMinor: 1.25,
        });
      },
      'Groq allows no more requests.',
      2,
    ],
    [
      'fails, and does not know what was spent',
      () => {
        throw new ProviderError('unavailable', 'No language model has answered.');
      },
      'No language model has answered.',
      2,
    ],
    ['cites nothing', () => 'Tides follow the moon.', 'cited no source', 1],
    ['cites what there is not', () => 'Tides follow the moon [7].', 'cited no source', 1],
    ['writes nothing', () => ' ', 'cited no source', 1],
  ])('makes an extract when the model %s', async (_what, write, note, cost) => {
    setThree();
    const { result, costMinor } = await world.agent(write).run(world.context(topic));
    expect(result).toMatchObject({
      method: 'extract',
      note: expect.stringContaining(note),
      summary: expect.stringContaining('[1]'),
    });
    expect(costMinor).toBe(cost);
  });

  it('says when there are no hits, and succeeds', async () => {
    const { result, costMinor } = await world.agent(() => 'x [1]').run(world.context(topic));
    expect(result).toEqual({
      summary: 'The search found nothing about this topic.',
      sources: [],
      method: 'extract',
    });
    expect(costMinor).toBe(1);
    expect(world.questions).toEqual([]);
  });

  it('says what is missing without a key for the search', async () => {
    const run = world.withoutKey().run(world.context(topic));
    await expect(run).rejects.toMatchObject({
      kind: 'not_configured',
      message: expect.stringContaining('BRAVE_API_KEY'),
    });
  });

  it('uses snippets when no page can be read, and says when there is no text at all', async () => {
    world.brave.setHits([world.hit('/x'), world.hit('/y', undefined, '')]);
    expect((await world.agent().run(world.context(topic))).result).toMatchObject({
      summary: 'About /x and the tides, in a few words. [1]',
      sources: [{ fetched: false }, { fetched: false }],
    });
    world.brave.setHits([world.hit('/y', undefined, '')]);
    expect((await world.agent().run(world.context(topic))).result).toMatchObject({
      summary: 'The sources hold no text that could be summarised.',
    });
  });

  it('reads five pages at most', async () => {
    world.brave.setHits(
      Array.from({ length: 9 }, (_, index) => world.hit(`/${index}`, page('Tides and the moon.'))),
    );
    const { result } = await world.agent().run(world.context(topic));
    expect(result['sources']).toHaveLength(5);
    expect(world.site.paths().toSorted()).toEqual(['/0', '/1', '/2', '/3', '/4']);
  });

  it.each(['huge_body', 'gzip_bomb', 'reset_mid_body', 'redirect_to_private_address'] as const)(
    'names a page and goes on when its site plays %s',
    async (kind) => {
      setThree();
      if (kind === 'redirect_to_private_address') world.site.redirect('/a', 'http://169.254.169.254/latest/');
      else world.site.faults.add({ kind, path: '/a' });
      const { result } = await world.agent().run(world.context(topic));
      expect(result['sources']).toMatchObject([
        { n: 1, fetched: false, problem: expect.any(String) },
        { n: 2 },
        { n: 3, fetched: true },
      ]);
      expect(result['summary']).toContain('[3]');
      expect(JSON.stringify(result)).not.toContain('169.254');
    },
  );

  it('asks for a topic of 1 to 400 characters and nothing else', () => {
    const { input } = world.agent();
    expect(input.safeParse({ topic: ' tides ' }).data).toEqual({ topic: 'tides' });
    for (const bad of [
      {},
      { topic: '' },
      { topic: ' ' },
      { topic: 'x'.repeat(401) },
      { topic: 'x', url: 'y' },
      'tides',
    ])
      expect(input.safeParse(bad).success).toBe(false);
  });

  it('has no effects, and says before what it costs at most', async () => {
    const context = world.context(topic);
    const cost = await world.agent().estimateCost({ topic }, context);
    expect(cost).toEqual({
      atMostMinor: 1,
      facts: { searches: 1, search_price_usd: 0.005, search_price_of: '2026-06-04' },
    });
    expect(world.agent().effects({ topic }, cost, context)).toEqual([]);
    const withModel = await world.agent(() => '').estimateCost({ topic }, context);
    expect(withModel.atMostMinor).toBe(2);
    expect(world.brave.log.requests).toEqual([]);
  });

  it('costs nobody knows what when nobody knows the price of the model', async () => {
    setThree();
    const agent = world.agent(() => 'Tides [1].', { costMinor: 'unknown' });
    expect((await agent.run(world.context(topic))).costMinor).toBe('unknown');
  });

  it('ends when the task does', async () => {
    setThree();
    world.site.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    const stop = new AbortController();
    const run = world.agent().run({
      ...world.context(topic, stop.signal),
      // Once the search is over, the pages are read.
      step: async () => void setImmediate(() => stop.abort(new Error('cancelled'))),
    });
    await expect(run).rejects.toThrow('cancelled');
  });
});
