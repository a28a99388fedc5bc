import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.ts';
import type { FaultInput } from './faults.ts';
import { json } from './route.ts';
import { startOutside, type Outside } from './server.ts';

let outside: Outside;

beforeEach(async () => {
  outside = await startOutside({
    routes: [
      {
        method: 'POST',
        path: '/things',
        handle: (request) => {
          request.effect({
            kind: 'thing',
            key: request.idempotencyKey,
            meaning: request.text,
            reference: 't1',
          });
          return json(200, { id: 't1', padding: 'x'.repeat(400) });
        },
      },
      {
        method: 'GET',
        path: '/things/:id',
        lookUp: true,
        handle: ({ params, now }) => json(200, { id: params['id'], now }),
      },
    ],
    controls: { 'say-it': (body) => ({ said: body }) },
  });
});
afterEach(() => outside.stop());

const post = (body: unknown = { n: 1 }, init: RequestInit = {}) =>
  fetch(`${outside.url}/things`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
    body: JSON.stringify(body),
    ...init,
  });
const control = (path: string, body?: unknown, method = 'POST') =>
  fetch(`${outside.url}/_control/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('a stand-in for a service outside', () => {
  it('logs what it was asked and what has happened', async () => {
    expect((await post()).status).toBe(200);
    expect(outside.log.requests).toMatchObject([
      { method: 'POST', path: '/things', body: { n: 1 }, idempotencyKey: 'k1', status: 200 },
    ]);
    expect(outside.log.effectsWithKey('k1')).toHaveLength(1);
    expect(outside.log.countByMeaning()).toEqual(new Map([['{"n":1}', 1]]));
  });

  it('answers 404 where it has nothing', async () => {
    expect((await fetch(`${outside.url}/nothing`)).status).toBe(404);
  });

  it.each<[FaultInput, number, number]>([
    [{ kind: 'slow_answer', ms: 1 }, 200, 1],
    [{ kind: '5xx_after_effect', status: 502 }, 502, 1],
    [{ kind: '5xx_before_effect' }, 503, 0],
    [{ kind: '200_with_error_body' }, 200, 0],
    [{ kind: '429', retryAfterSeconds: 7 }, 429, 0],
    [{ kind: 'quota_day' }, 429, 0],
    [{ kind: 'key_conflict_409' }, 409, 0],
    [{ kind: 'duplicate_delivery' }, 200, 2],
    [{ kind: 'wrong_content_type', status: 403 }, 403, 1],
    [{ kind: 'clock_skew', ms: 3_600_000 }, 200, 1],
  ])('plays %j once: status %i, %i effects', async (fault, status, effects) => {
    outside.faults.add(fault);
    expect((await post()).status).toBe(status);
    expect(outside.log.effects).toHaveLength(effects);
    expect((await post()).status).toBe(200);
    expect(outside.faults.left()).toBe(0);
  });

  it.each<[FaultInput, number]>([
    [{ kind: 'accept_then_timeout', ms: 1 }, 1],
    [{ kind: 'accept_then_timeout', ms: 1, when: 'before' }, 0],
    [{ kind: 'reset_mid_body' }, 1],
    [{ kind: 'truncated_json' }, 1],
  ])('plays %j: no answer to read, %i effects', async (fault, effects) => {
    outside.faults.add(fault);
    await expect(post().then((response) => response.json())).rejects.toThrow();
    expect(outside.log.effects).toHaveLength(effects);
  });

  it('holds a connection until the client gives up', async () => {
    outside.faults.add({ kind: 'accept_then_timeout' });
    const leaving = new AbortController();
    const posted = post({}, { signal: leaving.signal });
    await eventually(() => outside.log.effects.length === 1);
    leaving.abort();
    await expect(posted).rejects.toThrow();
    expect(outside.log.effects).toHaveLength(1);
  });

  it.each(['huge_body', 'gzip_bomb'] as const)('streams the bytes of %s', async (kind) => {
    outside.faults.add({ kind, bytes: 3 * 1024 * 1024 });
    const body = await (await post()).text();
    expect(body).toHaveLength(3 * 1024 * 1024 + '{"data":"'.length);
  });

  it('ends a huge body when the reader goes', async () => {
    outside.faults.add({ kind: 'huge_body' });
    const reader = (await post()).body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
    expect((await post()).status).toBe(200);
  });

  it('knows who follows a redirect', async () => {
    outside.faults.add({ kind: 'redirect_to_private_address' }, { kind: 'redirect_to_private_address' });
    expect((await post({}, { redirect: 'manual' })).status).toBe(307);
    expect(outside.wasFollowed()).toBe(false);
    await post();
    expect(outside.wasFollowed()).toBe(true);
  });

  it('fails look-ups alone, until it is cleared', async () => {
    outside.faults.add({ kind: 'reconcile_unavailable', times: 'always' });
    expect((await post()).status).toBe(200);
    const lookUp = async () => (await fetch(`${outside.url}/things/a%20b`)).status;
    expect([await lookUp(), await lookUp()]).toEqual([503, 503]);
    outside.faults.clear();
    expect(await lookUp()).toBe(200);
  });

  it('plays a queue in its order, each for the requests that it names', async () => {
    outside.faults.add({ kind: '429', method: 'get' }, { kind: 'clean' }, { kind: 'quota_month' });
    expect([(await post()).status, (await post()).status]).toEqual([200, 429]);
    expect((await fetch(`${outside.url}/things/1`)).status).toBe(429);
  });

  it('plays faults by chance, the same for the same seed', async () => {
    const run = async (seed: number) => {
      outside.faults.seed({ seed, kinds: ['429', '5xx_before_effect'], percent: 50 });
      const statuses: number[] = [];
      for (let index = 0; index < 20; index += 1) statuses.push((await post()).status);
      return statuses;
    };
    const first = await run(3);
    expect(new Set(first)).toEqual(new Set([200, 429, 503]));
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });

  it('is told what to do, and asked what it saw, by another process', async () => {
    expect((await control('faults', [{ kind: '429' }, { kind: '429' }])).status).toBe(200);
    expect([(await post()).status, (await post()).status, (await post()).status]).toEqual([429, 429, 200]);
    const log = await (await control('log', undefined, 'GET')).json();
    expect(log).toMatchObject({ requests: { length: 3 }, effects: [{ kind: 'thing', key: 'k1' }] });
    expect(await (await control('say-it', { a: 1 })).json()).toEqual({ said: { a: 1 } });
    expect((await control('faults', { kind: 'unheard of' })).status).toBe(400);
    expect((await control('constructor', {})).status).toBe(404);
  });

  it('can go away and come back under the same address', async () => {
    await outside.goAway();
    await expect(post()).rejects.toThrow();
    await outside.comeBack();
    expect((await post()).status).toBe(200);
  });
});
