import { describe, expect, it } from 'vitest';
import { queueNames } from '@actp/shared/jobs/catalogue';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import {
  openGateway,
  operator,
  operatorToken,
  pageSession,
  personSession,
  secret,
} from '../gateway.fixture.ts';

const stores = await openStores();
const redis = await openOwnRedis();
const gateway = await openGateway(stores, redis.env);
const token = await operatorToken(gateway);
// Of the page: a cookie, and the token that only the page has.
const cookie = await pageSession(gateway);
const page = { accept: 'text/html,application/xhtml+xml' };

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}${path}`, { redirect: 'manual', headers });

function logIn(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams({ ...operator, ...fields });
  const own = { origin: gateway.url, ...headers };
  return fetch(`${gateway.url}/login`, { method: 'POST', redirect: 'manual', headers: own, body });
}

async function statics(): Promise<string[]> {
  const html = await (await get('/dashboard', cookie)).text();
  return [...html.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, path]) => `/dashboard/${path}`);
}

describe('/dashboard without a session', () => {
  it('leads a person to the login page, and back', async () => {
    for (const path of ['/dashboard', '/dashboard/', '/dashboard/queue/selftest?status=failed&page=2']) {
      const answer = await get(path, page);
      expect(answer.status).toBe(302);
      expect(answer.headers.get('location')).toBe(`/login?next=${encodeURIComponent(path)}`);
      const form = await get(answer.headers.get('location') ?? '', page);
      expect(form.status).toBe(200);
      expect(await form.text()).toContain(`name="next" value="${path.replaceAll('&', '&amp;')}"`);
    }
  });

  it('shows nobody its API, its scripts or its pictures', async () => {
    const paths = [
      ...(await statics()),
      '/dashboard/static/images/logo.svg',
      '/dashboard/api/queues',
      '/dashboard/api',
    ];
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) {
      for (const headers of [page, {}, { cookie: 'actp_session=forged' }]) {
        const answer = await get(path, headers);
        expect([answer.status, path]).toEqual([401, path]);
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
      }
    }
  });

  it('answers 403 to the worker secret and to a user who is no operator', async () => {
    const user = { email: 'user@example.com', password: 'the password of a mere user' };
    await personSession(stores, user);
    const session = await pageSession(gateway, user);
    for (const headers of [{ authorization: `Bearer ${secret}` }, { ...session, ...page }]) {
      for (const path of ['/dashboard', '/dashboard/api/queues', ...(await statics())]) {
        expect((await get(path, headers)).status).toBe(403);
      }
    }
  });
});

describe('logging in', () => {
  it('opens the page that was asked for, with a cookie that scripts and other sites cannot use', async () => {
    const answer = await logIn({ next: '/dashboard/queue/selftest?status=failed' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/dashboard/queue/selftest?status=failed');
    const set = answer.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^actp_session=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    const session = set.split(';')[0] ?? '';
    expect((await get('/dashboard', { cookie: session, ...page })).status).toBe(200);
  });

  it('gives a cookie for https only behind a proxy that speaks it', async () => {
    const answer = await logIn({}, { 'x-forwarded-proto': 'https' });
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
  });

  it('shows the form again, with a message, after a wrong password', async () => {
    const answer = await logIn({ password: 'wrong', next: '/dashboard/x' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const html = await answer.text();
    expect(html).toContain('role="alert">The address or the password is wrong.');
    expect(html).toContain('value="/dashboard/x"');
    expect(html).not.toContain('value="wrong"');
  });

  it.each(['op@example.com\0', `${'a'.repeat(1_000)}@example.com`, '', '<script>'])(
    'takes an address that nobody can have for a wrong one: %j',
    async (email) => {
      const answer = await logIn({ email });
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain('<script>');
    },
  );

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    ' //evil.example',
    'evil.example',
    '/dashboard"><script>',
    '',
  ])('never leads to another place: %j', async (next) => {
    const answer = await logIn({ next });
    expect(answer.headers.get('location')).toBe('/dashboard');
    const form = await (await get(`/login?next=${encodeURIComponent(next)}`)).text();
    expect(form).toContain('name="next" value="/dashboard"');
  });

  it.each<[why: string, headers: Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['our name on another port', { origin: 'http://127.0.0.1:1' }],
    ['no origin that it tells', { origin: 'null' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour, as the browser says', { 'sec-fetch-site': 'same-site' }],
  ])('is refused from a page of %s', async (_why, headers) => {
    const answer = await logIn({}, headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('does not take a form of any size', async () => {
    expect((await logIn({ email: 'a'.repeat(2_000_000) })).status).toBe(413);
  });
});

describe('Bull Board', () => {
  it('shows every queue', async () => {
    const answer = await get('/dashboard/api/queues', cookie);
    expect(answer.status).toBe(200);
    const { queues } = (await answer.json()) as { queues: Array<{ name: string }> };
    expect(queues.map(({ name }) => name).toSorted()).toEqual(queueNames.toSorted());
  });

  it('is served whole from here: no script, style or font from elsewhere', async () => {
    const html = await (await get('/dashboard', cookie)).text();
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    for (const path of [...(await statics()), '/dashboard/static/locales/en-US/messages.json']) {
      const answer = await get(path, cookie);
      expect([answer.status, path]).toEqual([200, path]);
      expect(answer.headers.get('x-request-id')).not.toBeNull();
      await answer.body?.cancel();
    }
  });

  it('takes a bearer token as well, also for changes', async () => {
    const headers = { authorization: `Bearer ${token}` };
    expect((await get('/dashboard', headers)).status).toBe(200);
    const change = (path: string) =>
      fetch(`${gateway.url}/dashboard/api/${path}`, { method: 'PUT', headers });
    expect((await change('queues/selftest/pause')).status).toBe(200);
    expect((await change('queues/selftest/resume')).status).toBe(200);
    expect((await get('/dashboard', { ...headers, cookie: 'actp_session=stale' })).status).toBe(200);
  });

  it('changes nothing for a page of another site', async () => {
    const change = (origin: string) =>
      fetch(`${gateway.url}/dashboard/api/queues/selftest/pause`, {
        method: 'PUT',
        headers: { ...cookie, origin, 'content-type': 'application/json' },
        body: '{}',
      });
    expect((await change('https://evil.example')).status).toBe(403);
    expect((await change(gateway.url)).status).toBe(200);
  });

  it('is left by logging out', async () => {
    const own = await pageSession(gateway);
    const out = (headers: Record<string, string>) =>
      fetch(`${gateway.url}/logout`, { method: 'POST', redirect: 'manual', headers });
    expect((await out({})).status).toBe(401);
    expect((await out({ ...own, origin: 'https://evil.example' })).status).toBe(403);
    const answer = await out({ ...own, origin: gateway.url });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toMatch(/^actp_session=; Max-Age=0; Path=\//);
    expect((await get('/dashboard/api/queues', own)).status).toBe(401);
  });

  it('says 503 while Redis is away, and works again by itself', async () => {
    expect((await get('/dashboard/api/queues', cookie)).status).toBe(200);
    await redis.kill();
    for (const path of ['/dashboard', '/dashboard/api/queues']) {
      const answer = await get(path, cookie);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'unavailable', detail: 'redis is unavailable' });
    }
    await redis.start();
    await eventually(async () => (await get('/dashboard/api/queues', cookie)).status === 200);
  });

  it('says 503 while Redis hangs', async () => {
    redis.hold();
    try {
      expect((await get('/dashboard/api/queues', cookie)).status).toBe(503);
    } finally {
      redis.release();
    }
    await eventually(async () => (await get('/dashboard/api/queues', cookie)).status === 200);
  });
});
