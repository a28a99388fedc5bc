import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { checkSupabase } from './check-supabase.ts';

const stores = await openStores();
const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = stores.env;
const target = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY };

interface Reply {
  status: number;
  body: string;
  headers?: Record<string, string>;
}
async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // what a TCP server has
  return { server, url: `http://127.0.0.1:${port}` };
}
/** A server that gives these replies, and the last one again and again. */
async function serverThatSays(...replies: Reply[]) {
  const asked: Array<{ url: string | undefined; apikey: unknown; authorization: unknown }> = [];
  const { server, url } = await listen((request, response) => {
    const { apikey, authorization } = request.headers;
    asked.push({ url: request.url, apikey, authorization });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    response.writeHead(reply?.status ?? 500, reply?.headers).end(reply?.body);
  });
  atEnd(() => void server.close());
  return { asked, url };
}
const check = async (reply: Reply, over: { DATABASE_URL?: string } = {}) =>
  checkSupabase({ ...target, SUPABASE_URL: (await serverThatSays(reply)).url, ...over });

const badKey = {
  problem: 'The Supabase project at SUPABASE_URL rejects SUPABASE_SERVICE_ROLE_KEY as its service-role key.',
  remedy:
    'Correct SUPABASE_SERVICE_ROLE_KEY: the key of the role service_role (or a secret key), not of anon.',
};
const notSupabase = {
  problem: 'The server at SUPABASE_URL is not a Supabase project.',
  remedy: 'Correct SUPABASE_URL: the address without /rest/v1, for instance https://project.supabase.co',
};
const notMigrated = {
  problem: 'The database of the Supabase project at SUPABASE_URL is not migrated.',
  remedy: 'Set DATABASE_URL (as the owner of that database), so that the migrations are applied at start.',
};
const unavailable = (how: string) => ({
  problem: `The Supabase project at SUPABASE_URL is unavailable${how}.`,
  remedy:
    'Start it, correct SUPABASE_URL, or unset SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY to use the embedded one.',
});

describe('a Supabase project', () => {
  it('can be used with the key of the service role', async () => {
    expect(await checkSupabase(target)).toBeUndefined();
  });

  it.each([
    ['of another role', stores.keyFor('anon')],
    ['of another project', SUPABASE_SERVICE_ROLE_KEY.replace(/.{9}$/, 'x'.repeat(9))],
    ['that no header can hold', 'ключ\n'],
  ])('rejects a key %s', async (_what, key) => {
    expect(await checkSupabase({ ...target, SUPABASE_SERVICE_ROLE_KEY: key })).toEqual(badKey);
  });

  it('is asked with the key for a table that only the service role reads', async () => {
    const { asked, url } = await serverThatSays({ status: 200, body: '[]' });
    expect(await checkSupabase({ ...target, SUPABASE_URL: url })).toBeUndefined();
    const key = SUPABASE_SERVICE_ROLE_KEY;
    expect(asked).toEqual([
      {
        url: '/rest/v1/actp_agent_health_snapshots?select=run_id&limit=0',
        ...{ apikey: key, authorization: `Bearer ${key}` },
      },
    ]);
  });

  it.each([
    [401, badKey],
    [403, badKey],
    [404, notSupabase],
    [400, notSupabase],
    [302, notSupabase],
  ])('is told by its answer: %d', async (status, problem) => {
    const headers = { location: (await serverThatSays({ status: 200, body: '[]' })).url };
    expect(await check({ status, body: '{"code": "X"}', headers })).toEqual(problem);
  });

  it.each(['', 'not found', 'null', '"42P01"', '["42P01"]', '{"message": "42P01"}'])(
    'is none when it has no table and says so in words of its own: %j',
    async (body) => {
      expect(await check({ status: 404, body })).toEqual(notSupabase);
    },
  );

  it.each(['42P01', 'PGRST205'])(
    'is not migrated without our tables (%s), unless it is about to be',
    async (code) => {
      const reply = { status: 404, body: JSON.stringify({ code }) };
      expect(await check(reply)).toEqual(notMigrated);
      expect(await check(reply, { DATABASE_URL: 'postgres://the-owner' })).toBeUndefined();
      expect(await check({ ...reply, status: 400 })).toEqual(notSupabase);
    },
  );
});

describe('a Supabase project that is just being started', () => {
  it('is waited for', async () => {
    const { url } = await serverThatSays({ status: 503, body: '' }, { status: 200, body: '[]' });
    expect(await checkSupabase({ ...target, SUPABASE_URL: url })).toBeUndefined();
  });

  it('is given up after a while, with what it says', async () => {
    // The clock alone: each answer takes a second of it.
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const asked: unknown[] = [];
    const failing = await listen((request, response) => {
      asked.push(request.url);
      vi.advanceTimersByTime(1_000);
      response.writeHead(500).end();
    });
    atEnd(() => void failing.server.close());
    const away = await listen(() => undefined);
    away.server.close();
    expect(
      await Promise.all([
        checkSupabase({ ...target, SUPABASE_URL: failing.url }),
        checkSupabase({ ...target, SUPABASE_URL: away.url }),
      ]),
    ).toEqual([unavailable(' (status 500)'), unavailable(' (ECONNREFUSED)')]);
    expect(asked).toHaveLength(4);
  });
});
