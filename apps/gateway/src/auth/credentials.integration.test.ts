import { randomUUID } from 'node:crypto';
import { sign } from 'hono/jwt';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import {
  json,
  openGateway,
  operatorToken,
  personSession,
  previousSecret,
  secret,
  sessionSecret,
  type TestGateway,
} from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const operator = await operatorToken(gateway);
const { token: user } = await personSession(stores, { email: 'user@example.com' });

// The two ways to log in, for programs and for browsers, and registering.
const openPosts = ['/login', '/v1/auth/login', '/v1/auth/register'];

interface Description {
  paths: Record<string, Record<string, { security?: Array<Record<string, string[]>> }>>;
}
const description = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as Description;
const described = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { security = [] }]) => ({
    method: method.toUpperCase(),
    path: path.replaceAll(/\{\w+\}/g, 'selftest'),
    kinds: new Set(security.flatMap((way) => Object.keys(way))),
  })),
);
const guarded = described.filter(({ kinds }) => kinds.size > 0);

/** Every path that takes a POST, pages included, as the router knows them. */
function postPaths({ app }: Pick<TestGateway, 'app'>): string[] {
  const paths = app.routes
    .filter(({ method, path }) => method === 'POST' || (method === 'ALL' && path !== '/*'))
    .map(({ path }) => path.replaceAll(/:\w+/g, 'selftest').replace(/\*$/, 'api/queues/selftest/add'));
  return [...new Set(paths)];
}

async function answeringOtherThan401(one: TestGateway, headers: Record<string, string>): Promise<string[]> {
  const answers = await Promise.all(
    postPaths(one).map(async (path) => ({
      path,
      status: (await fetch(`${one.url}${path}`, json({}, headers))).status,
    })),
  );
  return answers
    .filter(({ status }) => status !== 401)
    .map(({ path }) => path)
    .toSorted();
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const trigger = (headers: Record<string, string>) =>
  fetch(`${gateway.url}/v1/jobs/selftest`, json({}, headers));

describe('every POST', () => {
  it.each<[what: string, headers: Record<string, string>]>([
    ['no credential', {}],
    ['a wrong secret', bearer('wrong-secret-of-the-tests-01234567890')],
    ['a truncated secret', bearer(secret.slice(0, -1))],
    ['a secret with something behind it', bearer(`${secret}x`)],
    ['an empty secret', { authorization: 'Bearer ' }],
    ['a truncated secret in X-Worker-Secret', { 'x-worker-secret': secret.slice(0, -1) }],
    ['an empty X-Worker-Secret', { 'x-worker-secret': '' }],
    ['another scheme', { authorization: `Basic ${btoa(`worker:${secret}`)}` }],
    ['the secret without a scheme', { authorization: secret }],
    ['the secret as a cookie', { cookie: `actp_session=${secret}` }],
  ])('[SEC-014] answers 401 to %s; only logging in is open', async (_what, headers) => {
    const open = await answeringOtherThan401(gateway, headers);
    // The job of the login form is to answer 401 to an empty one.
    expect(open.filter((path) => !openPosts.includes(path))).toEqual([]);
    expect(postPaths(gateway)).toEqual(expect.arrayContaining(openPosts));
    expect(postPaths(gateway).length).toBeGreaterThan(openPosts.length + 2);
  });

  it('[SEC-014] is found by this test when somebody adds one without a credential', async () => {
    const other = await openGateway(stores);
    other.app.post('/v1/forgotten', (c) => c.text('done'));
    expect(await answeringOtherThan401(other, {})).toContain('/v1/forgotten');
  });

  it('answers 401 before anything of the request is looked at', async () => {
    const broken = { ...json({}), body: '{"na', headers: { 'content-type': 'text/plain' } };
    const answer = await fetch(`${gateway.url}/v1/jobs/nope?x=1`, broken);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('a credential of the wrong kind', () => {
  it('is a user’s token where agents or operators are wanted', async () => {
    const closed = guarded.filter(({ kinds }) => !kinds.has('user'));
    expect(closed.length).toBeGreaterThan(4);
    for (const { method, path } of closed) {
      const answer = await fetch(`${gateway.url}${path}`, { method, headers: bearer(user) });
      expect([answer.status, path]).toEqual([403, path]);
    }
  });

  it('is the worker secret on what only operators may do', async () => {
    const closed = guarded.filter(({ kinds }) => !kinds.has('workerSecret'));
    const paths = [
      ...closed,
      { method: 'GET', path: '/dashboard' },
      { method: 'POST', path: '/dashboard/api/x' },
    ];
    for (const { method, path } of paths) {
      const answer = await fetch(`${gateway.url}${path}`, { method, headers: bearer(secret) });
      expect([answer.status, path]).toEqual([403, path]);
    }
  });
});

describe('the worker secret', () => {
  it.each([
    ['current', secret],
    ['previous', previousSecret],
  ])('[SEC-014] is accepted as a bearer token and as X-Worker-Secret: the %s one', async (_which, value) => {
    expect((await trigger(bearer(value))).status).toBe(202);
    expect((await trigger({ authorization: `bearer  ${value}` })).status).toBe(202);
    expect((await trigger({ 'x-worker-secret': value })).status).toBe(202);
  });

  it('is found beside a header that is empty or stale', async () => {
    expect((await trigger({ ...bearer(secret), 'x-worker-secret': '' })).status).toBe(202);
    expect((await trigger({ ...bearer('stale-token'), 'x-worker-secret': secret })).status).toBe(202);
  });

  it.each(['', 'a'.repeat(129), 'tab\there', 'ünï'])(
    'goes with an X-Agent-Id that is a name: %j is 400',
    async (id) => {
      const answer = await trigger({ ...bearer(secret), 'x-agent-id': id });
      expect(answer.status).toBe(400);
      const problem = (await answer.json()) as { errors: Array<{ field: string }> };
      expect(problem.errors.map((e) => e.field)).toContain('X-Agent-Id');
    },
  );

  it('goes with an X-Agent-Id of up to 128 printable characters', async () => {
    for (const id of ['a', 'agent 7: ads/deploy', 'a'.repeat(128)]) {
      expect((await trigger({ ...bearer(secret), 'x-agent-id': id })).status).toBe(202);
    }
  });
});

describe('an operator’s token', () => {
  const now = Math.floor(Date.now() / 1_000);
  const own = JSON.parse(Buffer.from(operator.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
    sid: string;
  };
  const claims = {
    iss: 'actp-worker',
    aud: 'actp-api',
    sub: own.sub,
    sid: own.sid,
    iat: now - 10,
    exp: now + 600,
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = (change: object, key = sessionSecret, alg: 'HS256' | 'HS512' = 'HS256') =>
    sign({ ...claims, ...change }, key, alg);

  it('works, as the one from logging in does', async () => {
    expect((await trigger(bearer(operator))).status).toBe(202);
    expect((await trigger(bearer(await signed({})))).status).toBe(202);
  });

  it.each<[why: string, token: () => Promise<string> | string]>([
    ['expired', () => signed({ exp: now - 1 })],
    ['without an end', () => signed({ exp: undefined })],
    ['not valid yet', () => signed({ nbf: now + 600 })],
    ['of another issuer', () => signed({ iss: 'supabase' })],
    ['without an issuer', () => signed({ iss: undefined })],
    ['[TRU-003] of a page', () => signed({ aud: 'actp-page' })],
    ['[TRU-003] of a known device', () => signed({ aud: 'actp-device' })],
    ['[TRU-003] without an audience, as before sessions had rows', () => signed({ aud: undefined })],
    ['[TRU-003] without a session', () => signed({ sid: undefined })],
    ['[TRU-003] of a session that never was', () => signed({ sid: randomUUID() })],
    ['[TRU-003] of somebody else’s session', () => signed({ sub: randomUUID() })],
    ['of a subject that is no id', () => signed({ sub: 'admin' })],
    ['signed with another key', () => signed({}, `${sessionSecret}x`)],
    ['signed with the worker secret', () => signed({}, secret)],
    ['signed with another algorithm', () => signed({}, sessionSecret, 'HS512')],
    ['with alg none', () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`],
    ['with alg None and a signature', () => `${part({ alg: 'None', typ: 'JWT' })}.${part(claims)}.AAAA`],
    [
      'forged: another payload under a true signature',
      () => operator.replace(/\.[^.]+\./, `.${part(claims)}.`),
    ],
    ['without its signature', () => operator.replace(/[^.]+$/, '')],
    ['cut short', () => operator.slice(0, -4)],
    ['garbage', () => 'a.b.c'],
    ['a service-role key', () => stores.env.SUPABASE_SERVICE_ROLE_KEY],
  ])('is refused: %s', async (_why, token) => {
    expect((await trigger(bearer(await token()))).status).toBe(401);
  });
});
