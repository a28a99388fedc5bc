import { json } from '@actp/testing/outside/route';
import { startOutside, type Outside } from '@actp/testing/outside/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiUrl } from './api-url.ts';
import { callApi, type ApiCall } from './call.ts';
import { retryAfterMs } from './retry-after.ts';

let outside: Outside;
beforeEach(async () => {
  outside = await startOutside({
    routes: [{ method: 'GET', path: '/v1/thing', handle: () => json(200, { a: 'b'.repeat(200) }) }],
  });
});
afterEach(() => outside.stop());

const call = (options: Partial<ApiCall> = {}) =>
  callApi({
    method: 'GET',
    url: apiUrl(`${outside.url}/v1/`, '/thing', { q: 'x' }),
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    maxBytes: 1_000,
    ...options,
  });

describe('a call to an API', () => {
  it('brings a whole answer', async () => {
    expect(await call()).toMatchObject({ kind: 'answer', status: 200, text: `{"a":"${'b'.repeat(200)}"}` });
    expect(outside.log.requests).toMatchObject([{ path: '/v1/thing', query: { q: 'x' } }]);
  });

  it('brings an error with its body', async () => {
    outside.faults.add({ kind: '429', retryAfterSeconds: 7 });
    const result = await call();
    expect(result).toMatchObject({ kind: 'answer', status: 429 });
    if (result.kind === 'answer') expect(retryAfterMs(result.headers)).toBe(7_000);
  });

  it.each(['wrong_content_type', 'reset_mid_body', 'redirect_to_private_address'] as const)(
    'cannot read the answer of %s',
    async (kind) => {
      outside.faults.add({ kind });
      expect(await call()).toMatchObject({ kind: 'unreadable' });
      expect(outside.wasFollowed()).toBe(false);
    },
  );

  it.each(['huge_body', 'gzip_bomb'] as const)('stops reading %s at its limit', async (kind) => {
    outside.faults.add({ kind });
    expect(await call()).toMatchObject({ kind: 'unreadable', reason: 'the answer is too large' });
  });

  it('is lost when no answer comes in time', async () => {
    outside.faults.add({ kind: 'accept_then_timeout' });
    expect(await call({ timeoutMs: 100 })).toMatchObject({
      kind: 'lost',
      reason: 'it did not answer in time',
    });
  });

  it('is lost when the connection is cut', async () => {
    outside.faults.add({ kind: 'accept_then_timeout', ms: 0 });
    expect(await call()).toMatchObject({ kind: 'lost' });
  });

  it('is lost when it is stopped under way, and not sent when it is stopped before', async () => {
    outside.faults.add({ kind: 'accept_then_timeout' });
    const stop = new AbortController();
    const running = call({ signal: stop.signal });
    stop.abort();
    expect(await running).toMatchObject({ kind: 'lost' });
    expect(await call({ signal: stop.signal })).toMatchObject({ kind: 'not_sent' });
  });

  it('is not sent when nobody listens', async () => {
    await outside.goAway();
    expect(await call()).toMatchObject({ kind: 'not_sent' });
  });
});

describe('Retry-After', () => {
  const read = (value: string | null) => retryAfterMs({ get: () => value }, Date.UTC(2026, 0, 1));
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['1.5', 1_500],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['99999999999', 86_400_000],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j ms', (value, ms) => expect(read(value)).toBe(ms));
});
