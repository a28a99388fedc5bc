import { startCoinGecko, type CoinGeckoServer } from '@actp/testing/coingecko/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyHeader } from './coingecko/fetch.ts';
import { createCoinGecko } from './coingecko.ts';
import { ProviderError } from './provider-error.ts';

type FaultInput = Parameters<CoinGeckoServer['faults']['add']>[0];

let server: CoinGeckoServer;
beforeEach(async () => {
  server = await startCoinGecko();
});
afterEach(() => server.stop());

const { signal } = new AbortController();
const coingecko = (options: { apiKey?: string; timeoutMs?: number } = {}) =>
  createCoinGecko({ baseUrl: server.baseUrl, timeoutMs: 60_000, ...options });
const price = (id = 'bitcoin') => coingecko().price(id, signal);
const failed = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error('expected a ProviderError', { cause: error });
  expect(error.message).not.toMatch(/127\.0\.0\.1|http/);
  return error;
};

describe('the price of a coin', () => {
  it('is told with its time', async () => {
    const before = Date.now();
    const { usd, updatedAt } = await price();
    expect(usd).toBe('76975');
    expect(updatedAt).toBeGreaterThan(before - 60_000);
    expect(server.log.requests[0]?.query).toMatchObject({ ids: 'bitcoin', precision: 'full' });
  });

  it.each([
    ['0.1', '0.1'],
    ['1.2345e-05', '0.000012345'],
    ['0.30000000000000000001', '0.30000000000000000001'],
    ['123456789012345678901.5', '123456789012345678901.5'],
    ['2543.210', '2543.21'],
  ])('%s is read as %s, with every digit', async (usd, text) => {
    server.set({ id: 'bitcoin', usd });
    expect((await price()).usd).toBe(text);
  });

  it.each(['unheard-of', 'asleep', 'constructor', '__proto__'])('%s has none, which is not 0', async (id) =>
    expect(await failed(price(id))).toMatchObject({ kind: 'refused' }),
  );

  it.each(['0', '-1', '0.0', '1e999', '0e5'])('%s is none', async (usd) => {
    server.set({ id: 'bitcoin', usd });
    expect(await failed(price())).toMatchObject({ kind: 'unreadable' });
  });

  it.each<[FaultInput, ProviderError['kind']]>([
    [{ kind: 'accept_then_timeout', ms: 0 }, 'unavailable'],
    [{ kind: '5xx_after_effect' }, 'unavailable'],
    [{ kind: '5xx_before_effect' }, 'unavailable'],
    [{ kind: 'reset_mid_body' }, 'unreadable'],
    [{ kind: 'truncated_json' }, 'unreadable'],
    [{ kind: '200_with_error_body' }, 'limited'],
    [{ kind: '429', retryAfterSeconds: 7 }, 'limited'],
    [{ kind: '429', wait: 'none' }, 'limited'],
    [{ kind: 'quota_day' }, 'limited'],
    [{ kind: 'quota_month' }, 'limited'],
    [{ kind: 'wrong_content_type' }, 'unreadable'],
    [{ kind: 'wrong_content_type', status: 403 }, 'unreadable'],
    [{ kind: 'huge_body' }, 'unreadable'],
    [{ kind: 'gzip_bomb' }, 'unreadable'],
    [{ kind: 'redirect_to_private_address' }, 'unreadable'],
  ])('%j is %s, for a price and for a search', async (fault, kind) => {
    server.faults.add({ ...fault, times: 'always' });
    expect(await failed(price())).toMatchObject({ kind });
    expect(await failed(coingecko().find('bitcoin', signal))).toMatchObject({ kind });
    server.faults.clear();
    expect(server.wasFollowed()).toBe(false);
    expect((await price()).usd).toBe('76975');
  });

  it('is asked for once more when the answer was lost, and not when it was refused', async () => {
    server.faults.add({ kind: 'truncated_json' });
    expect((await price()).usd).toBe('76975');
    server.faults.add({ kind: '429' });
    await failed(price());
    expect(server.log.requests).toHaveLength(3);
  });

  it('says how long it wants to be left alone', async () => {
    server.faults.add({ kind: '429', retryAfterSeconds: 7 });
    expect(await failed(price())).toMatchObject({ retryAfterMs: 7_000 });
  });

  it.each<FaultInput>([{ kind: 'slow_answer', ms: 20 }, { kind: 'duplicate_delivery' }])(
    '%j is waited for',
    async (fault) => {
      server.faults.add(fault);
      expect((await price()).usd).toBe('76975');
    },
  );

  it('is as old as its service says, also when clocks differ', async () => {
    server.faults.add({ kind: 'clock_skew', ms: -3_600_000 });
    expect((await price()).updatedAt).toBeLessThan(Date.now() - 3_500_000);
  });

  it('is not waited for longer than the limit, or than the task', async () => {
    server.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    expect(await failed(coingecko({ timeoutMs: 100 }).price('bitcoin', signal))).toMatchObject({
      kind: 'unavailable',
    });
    const stop = new AbortController();
    const asked = coingecko().price('bitcoin', stop.signal);
    stop.abort();
    await expect(asked).rejects.toThrow('aborted');
  });

  it('is not there when nobody listens', async () => {
    await server.goAway();
    expect(await failed(price())).toMatchObject({ kind: 'unavailable' });
  });

  it.each(['demo', 'pro'] as const)('is asked with the key of the plan (%s)', async (plan) => {
    await server.stop();
    server = await startCoinGecko({ apiKey: 'CG-1', plan });
    const asked = coingecko({ apiKey: 'CG-1' }).price('bitcoin', signal);
    if (plan === 'demo') expect((await asked).usd).toBe('76975');
    // The stand-in is not at the host of that plan.
    else expect(await failed(asked)).toMatchObject({ kind: 'not_configured' });
    expect(await failed(price())).toMatchObject({ kind: 'not_configured' });
    expect(keyHeader(new URL('https://pro-api.coingecko.com/api/v3'))).toBe('x-cg-pro-api-key');
  });
});

describe('a coin', () => {
  it.each([
    ['bitcoin', 'bitcoin'],
    ['Bitcoin', 'bitcoin'],
    ['BTC', 'bitcoin'],
    ['$btc', 'bitcoin'],
    ['Pegged  Bitcoin', 'bitcoin-pegged'],
    ['shiba inu', 'shiba-inu'],
    ['orbit-two', 'orbit-two'],
    [' zzz ', 'asleep'],
  ])('%j is %s', async (text, id) => expect(await coingecko().find(text, signal)).toMatchObject({ id }));

  it('is not chosen when several may be meant: their ids are listed', async () => {
    const error = await failed(coingecko().find('ORB', signal));
    expect(error).toMatchObject({ kind: 'refused' });
    expect(error.message).toContain('orbit-one, orbit-two');
    server.set({ id: 'first', symbol: 'dup', name: 'First' });
    server.set({ id: 'second', symbol: 'dup', name: 'Second' });
    expect((await failed(coingecko().find('dup', signal))).message).toContain('first, second');
  });

  it('is not guessed', async () => {
    expect((await failed(coingecko().find('bitc', signal))).message).toContain('bitcoin, bitcoin-pegged');
    expect((await failed(coingecko().find('nothing', signal))).message).toContain('no coin called nothing');
    for (const text of ['', 'a\nb', 'x'.repeat(61), '../ping', 'a&ids=b', '<b>']) {
      expect(await failed(coingecko().find(text, signal))).toMatchObject({ kind: 'refused' });
    }
  });

  it('has a name without what hides or breaks lines, and an id that is one', async () => {
    server.set({ id: 'odd', symbol: 'odd', name: `Odd\u202E\n${'x'.repeat(200)}` });
    const coin = await coingecko().find('odd', signal);
    expect(coin.name).toBe(`Odd${'x'.repeat(57)}`);
    server.set({ id: 'bad,bitcoin', symbol: 'bad', name: 'Bad' });
    expect(await failed(coingecko().find('bad', signal))).toMatchObject({ kind: 'refused' });
  });
});
