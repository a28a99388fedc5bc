import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBrave, type Brave, type BraveStandInOptions } from './server.ts';

let brave: Brave;
const start = async (options: BraveStandInOptions = {}) => {
  brave = await startBrave(options);
};
beforeEach(() => start());
afterEach(() => brave.stop());

async function ask(query: string, key: string | undefined = brave.key) {
  const response = await fetch(`${brave.url}/res/v1/web/search${query}`, {
    headers: { 'x-subscription-token': key },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as object };
}

describe('the stand-in for Brave Search', () => {
  it('has hits in `web`, and no `web` without hits', async () => {
    expect((await ask('?q=x')).body).not.toHaveProperty('web');
    brave.setHits([{ title: 'T', url: 'https://t.example/', description: '<strong>d</strong> &amp; e' }]);
    expect(await ask('?q=x')).toMatchObject({
      status: 200,
      body: {
        type: 'search',
        query: { original: 'x' },
        web: {
          type: 'search',
          results: [{ type: 'search_result', description: '<strong>d</strong> &amp; e' }],
        },
      },
    });
  });

  it.each([
    ['', 'q'],
    ['?q=', 'q'],
    [`?q=${'x'.repeat(401)}`, 'q'],
    [`?q=${'x+'.repeat(51)}`, 'q'],
    ['?q=x&count=21', 'count'],
    ['?q=x&count=0', 'count'],
    ['?q=x&count=many', 'count'],
  ])('refuses the parameters %j, once the key is right', async (query, name) => {
    const invalid = { code: 'VALIDATION', meta: { errors: [{ loc: ['query', name] }] } };
    expect(await ask(query)).toMatchObject({ status: 422, body: { type: 'ErrorResponse', error: invalid } });
    const wrongKey = { code: 'SUBSCRIPTION_TOKEN_INVALID', meta: { component: 'authentication' } };
    expect(await ask(query, 'wrong')).toMatchObject({ status: 422, body: { error: wrongKey } });
    expect(brave.log.effects).toEqual([]);
  });

  it('has one `error`, or the list of the documentation', async () => {
    brave.faults.add({ kind: '429' });
    expect((await ask('?q=x')).body).toMatchObject({ error: { code: 'RATE_LIMITED', status: 429 } });
    await brave.stop();
    await start({ errorShape: 'errors' });
    brave.faults.add({ kind: 'quota_month' });
    expect((await ask('?q=x')).body).toMatchObject({ errors: [{ code: 'QUOTA_LIMITED' }] });
  });

  it('says two windows in the headers of every answer', async () => {
    await brave.stop();
    await start({ plan: { perSecond: 1, perMonth: 15_000 } });
    const { headers } = await ask('?q=x');
    expect(headers.get('x-ratelimit-limit')).toBe('1, 15000');
    expect(headers.get('x-ratelimit-policy')).toBe('1;w=1, 15000;w=2592000');
    expect(headers.get('x-ratelimit-remaining')).toMatch(/^\d+, \d+$/);
    expect(headers.get('x-ratelimit-reset')).toMatch(/^\d+, \d+$/);
  });

  it('says a month of 0 where the plan has no cap', async () => {
    const { headers } = await ask('?q=x');
    expect(headers.get('x-ratelimit-policy')).toBe('50;w=1, 0;w=2592000');
    expect(headers.get('x-ratelimit-remaining')).toBe('49, 0');
  });
});
