import { startBrave, type Brave, type BraveStandInOptions } from '@actp/testing/brave/server';
import { FaultKind } from '@actp/testing/outside/faults';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrave, type BraveOptions } from './brave.ts';
import { ProviderError, type ProviderErrorKind } from './provider-error.ts';

let brave: Brave;
const never = new AbortController().signal;
const hits = [
  {
    title: 'Heat &amp; pumps',
    url: 'https://a.example/1',
    description: 'A <strong>heat</strong> pump&#x27;s job',
  },
  { title: 'Two', url: 'https://b.example/2?x=1#y', description: 'second' },
];

const start = async (options: BraveStandInOptions = {}) => {
  brave = await startBrave(options);
  brave.setHits(hits);
};
beforeEach(() => start());
afterEach(() => brave.stop());

const client = (options: Partial<BraveOptions> = {}) =>
  createBrave({ baseUrl: brave.url, apiKey: brave.key, timeoutMs: 60_000, ...options });
const search = (options: Partial<BraveOptions> = {}) => client(options).search('heat pumps', 10, never);

async function fails(kind: ProviderErrorKind, words: string, options: Partial<BraveOptions> = {}) {
  const error: unknown = await search(options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ kind, message: expect.stringContaining(words) });
  // It is for a person, and a secret or an address helps nobody.
  for (const part of [brave.key, '127.0.0.1']) expect(String(error)).not.toContain(part);
  return error as ProviderError;
}

describe('Brave Search', () => {
  it('brings hits as plain text', async () => {
    expect(await search()).toEqual({
      results: [
        { title: 'Heat & pumps', url: 'https://a.example/1', snippet: "A heat pump's job" },
        { title: 'Two', url: 'https://b.example/2?x=1#y', snippet: 'second' },
      ],
    });
    expect(brave.log.requests).toMatchObject([
      {
        method: 'GET',
        path: '/res/v1/web/search',
        query: { q: 'heat pumps', count: '10' },
        headers: { 'x-subscription-token': brave.key, accept: 'application/json' },
      },
    ]);
    expect(brave.log.effects).toHaveLength(1);
  });

  it('brings as many as are wanted, and from 1 to 20', async () => {
    expect((await client().search('x', 1, never)).results).toHaveLength(1);
    await client().search('x', 0, never);
    await client().search('x', 99, never);
    expect(brave.log.requests.map(({ query }) => query['count'])).toEqual(['1', '1', '20']);
  });

  it('brings nothing when there are no hits: then the answer has no `web`', async () => {
    brave.setHits([]);
    expect(await search()).toEqual({ results: [] });
    brave.faults.add({ kind: '200_with_error_body' });
    expect(await search()).toEqual({ results: [] });
  });

  it('leaves out what is no address of the web, and what comes twice', async () => {
    const urls = [
      'javascript:alert(1)',
      'ftp://x.example/',
      '',
      'https://u:p@x.example/',
      'https://x.example/ y',
    ];
    const good = { title: 'T', url: 'https://x.example/', description: '' };
    brave.setHits([...urls.map((url) => ({ ...good, url })), good, good]);
    expect((await search()).results).toEqual([{ title: 'T', url: 'https://x.example/', snippet: '' }]);
  });

  it('cuts a long query, and asks nothing when nothing is left of it', async () => {
    await client().search(`${'word '.repeat(70)}`, 5, never);
    expect(brave.queries()).toEqual(['word '.repeat(50).trim()]);
    await expect(client().search(' \n ', 5, never)).rejects.toMatchObject({ kind: 'refused' });
    expect(brave.queries()).toHaveLength(1);
  });

  it('removes tags and decodes entities once, without making markup of text', async () => {
    brave.setHits([
      {
        title: '<b>A</b> &lt;i&gt;',
        url: 'https://x.example/',
        description: '&amp;lt;<script>x</script><!-- y -->z',
      },
    ]);
    expect((await search()).results).toMatchObject([{ title: 'A <i>', snippet: '&lt;z' }]);
  });
});

describe('Brave Search without a good key', () => {
  it('names the setting, and asks nothing', async () => {
    await fails('not_configured', 'BRAVE_API_KEY', { apiKey: undefined });
    expect(brave.log.requests).toEqual([]);
  });

  it.each(['error', 'errors'] as const)(
    'says that the key is not taken, when errors are told as `%s`',
    async (errorShape) => {
      await brave.stop();
      await start({ errorShape });
      await fails('not_configured', 'BRAVE_API_KEY', { apiKey: 'wrong' });
      expect(brave.log.requests).toMatchObject([{ status: 422 }]);
      expect(brave.log.effects).toEqual([]);
    },
  );

  it('has its key looked at before its parameters', async () => {
    const ask = (query: string, headers: Record<string, string> = {}) =>
      fetch(`${brave.url}/res/v1/web/search${query}`, { headers }).then(async (response) => ({
        status: response.status,
        body: (await response.json()) as { error: { code: string; meta: unknown } },
      }));
    expect(await ask('', { 'x-subscription-token': 'wrong' })).toMatchObject({
      status: 422,
      body: { error: { code: 'SUBSCRIPTION_TOKEN_INVALID', meta: { component: 'authentication' } } },
    });
    expect(await ask('')).toMatchObject({
      body: {
        error: { code: 'VALIDATION', meta: { errors: [{ loc: ['header', 'x-subscription-token'] }] } },
      },
    });
    expect(await ask('', { 'x-subscription-token': brave.key })).toMatchObject({
      body: { error: { code: 'VALIDATION', meta: { errors: [{ loc: ['query', 'q'] }] } } },
    });
  });
});

describe('Brave Search and its limits', () => {
  it.each(['header', 'body'] as const)(
    'is asked once more after a short wait that is told by %s',
    async (wait) => {
      brave.faults.add({ kind: '429', wait, retryAfterSeconds: wait === 'header' ? 0.01 : 0 });
      expect((await search()).results).toHaveLength(2);
      expect(brave.log.requests).toMatchObject([{ status: 429 }, { status: 200 }]);
      expect(brave.log.effects).toHaveLength(1);
    },
  );

  it('is asked once more when nothing tells how long to wait', async () => {
    brave.faults.add({ kind: '429', wait: 'none' });
    expect((await search()).results).toHaveLength(2);
  });

  it('is asked no third time', async () => {
    brave.faults.add({ kind: '429', retryAfterSeconds: 0, times: 2 });
    await fails('limited', 'at the moment');
    expect(brave.log.requests).toHaveLength(2);
  });

  it('is not waited for long', async () => {
    brave.faults.add({ kind: '429', retryAfterSeconds: 3 });
    expect((await fails('limited', 'at the moment')).retryAfterMs).toBe(3_000);
    expect(brave.log.requests).toHaveLength(1);
  });

  it.each(['error', 'errors'] as const)(
    'says when the month is used up, told as `%s`',
    async (errorShape) => {
      await brave.stop();
      await start({ errorShape });
      brave.faults.add({ kind: 'quota_month' });
      await fails('limited', 'of this month');
      expect(brave.log.requests).toHaveLength(1);
    },
  );

  it('reads a month without a cap not as one that is used up', async () => {
    await brave.stop();
    await start({ plan: { perSecond: 50, perMonth: 0 } });
    // Both windows of the headers say 0 here.
    expect((await search()).results).toHaveLength(2);
    brave.faults.add({ kind: '429', wait: 'none', times: 2 });
    await fails('limited', 'at the moment');
  });

  it('ends its wait with the caller', async () => {
    brave.faults.add({ kind: '429', retryAfterSeconds: 2 });
    const stop = new AbortController();
    const running = client().search('x', 1, stop.signal);
    stop.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('Brave Search with faults', () => {
  it.each([
    ['5xx_before_effect', 'unavailable'],
    ['5xx_after_effect', 'unavailable'],
    ['accept_then_timeout', 'unavailable'],
    ['reset_mid_body', 'unreadable'],
    ['truncated_json', 'unreadable'],
    ['wrong_content_type', 'unreadable'],
    ['huge_body', 'unreadable'],
    ['gzip_bomb', 'unreadable'],
    ['redirect_to_private_address', 'unreadable'],
  ] as const)('plays %s: %s', async (kind, expected) => {
    brave.faults.add({ kind, ...(kind === 'accept_then_timeout' && { ms: 0 }) });
    await fails(expected, 'Brave Search');
    expect(brave.wasFollowed()).toBe(false);
    expect((await search()).results).toHaveLength(2);
  });

  it('reads a block by a CDN as a refusal', async () => {
    brave.faults.add({ kind: 'wrong_content_type', status: 403 });
    await fails('refused', 'Brave Search');
    brave.faults.add({ kind: 'wrong_content_type', status: 502 });
    await fails('unavailable', 'Brave Search');
  });

  it.each(FaultKind.options)(
    'answers %s with hits or a reason for a person, and then goes on',
    async (kind) => {
      brave.faults.add({ kind, ms: 1, retryAfterSeconds: 0, bytes: 3_000_000 });
      const outcome = await search().catch((error: unknown) => error);
      if (outcome instanceof ProviderError) expect(outcome.message).toMatch(/^(?=.*Brave Search)[A-Z].*\.$/);
      else expect(outcome).toHaveProperty('results');
      expect((await search()).results).toHaveLength(2);
    },
  );

  it('gives up in its time', async () => {
    brave.faults.add({ kind: 'accept_then_timeout' });
    await fails('unavailable', 'in time', { timeoutMs: 50 });
  });

  it('is not reached when nobody listens', async () => {
    await brave.goAway();
    await fails('unavailable', 'cannot be reached');
  });

  it('waits for a slow answer, and takes a wrong clock as it is', async () => {
    brave.faults.add({ kind: 'slow_answer', ms: 20 }, { kind: 'clock_skew', ms: 86_400_000 });
    expect((await search()).results).toHaveLength(2);
    expect((await search()).results).toHaveLength(2);
  });

  it('is told its hits by another process', async () => {
    const body = JSON.stringify([{ title: 'New', url: 'https://n.example/', description: '' }]);
    await fetch(`${brave.url}/_control/hits`, { method: 'POST', body });
    expect((await search()).results).toMatchObject([{ title: 'New' }]);
  });
});
