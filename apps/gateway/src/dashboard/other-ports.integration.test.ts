import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operator, operatorToken, pageSession } from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const token = await operatorToken(gateway);
const session = await pageSession(gateway);
const cookie = { cookie: session.cookie };
const page = { accept: 'text/html' };

const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
  fetch(`${gateway.url}${path}`, { method, redirect: 'manual', headers });

// Of Bull Board's API; what the last one names is not there, which only an operator learns.
const reads = ['/dashboard/api/queues', '/dashboard/api/redis/stats', '/dashboard/api/queues/selftest/1'];
const changes = [
  ['PUT', '/dashboard/api/queues/selftest/pause'],
  ['PUT', '/dashboard/api/queues/selftest/empty'],
  ['POST', '/dashboard/api/queues/selftest/add'],
  ['DELETE', '/dashboard/api/queues/selftest/1'],
  ['POST', '/dashboard'],
  ['POST', '/logout'],
] as const;

describe('[TRU-003] the cookie of a page alone, as other ports of this host get it', () => {
  it('reads nothing and changes nothing', async () => {
    for (const headers of [cookie, { ...cookie, ...page }, { ...cookie, 'x-page-token': '' }]) {
      for (const path of reads) expect([(await ask(path, headers)).status, path]).toEqual([401, path]);
      for (const [method, path] of changes) {
        expect([(await ask(path, headers, method)).status, path]).toEqual([401, path]);
      }
    }
    expect((await ask('/dashboard/api/queues', session)).status).toBe(200);
  });

  it.each([
    '/dashboard//api/queues',
    '/dashboard/%61pi/queues',
    '/dashboard/API/queues',
    '/dashboard/static/../api/queues',
    '/dashboard/static/%2e%2e/api/queues',
    '/dashboard/x/../api/queues',
    '/dashboard/api',
    '/dashboard/api/',
    '/dashboard/api%2fqueues',
  ])('finds no other way to the data: %s', async (path) => {
    const answer = await ask(path, cookie);
    const text = await answer.text();
    expect(answer.ok && !text.startsWith('<!DOCTYPE html>')).toBe(false);
    expect(text).not.toContain('"counts"');
  });

  it('gets a page without any of the content of queues, which asks for a login', async () => {
    const html = await (await ask('/dashboard/queue/selftest', { ...cookie, ...page })).text();
    expect(html).toMatch(/<head><script src="\/page\/session\.js"><\/script>/);
    expect(html).not.toContain('selftest');
    expect(html).not.toContain(session['x-page-token']);
  });

  it('is nothing with the token of another session', async () => {
    const other = await pageSession(gateway);
    for (const path of reads) {
      expect((await ask(path, { ...cookie, 'x-page-token': other['x-page-token'] })).status).toBe(401);
    }
  });

  it('is no API token, and no API token is a cookie', async () => {
    const value = session.cookie.split('=')[1] ?? '';
    const both = { ...session, authorization: `Bearer ${value}` };
    for (const path of ['/v1/schedules', '/v1/sessions', '/v1/operators', '/v1/audit']) {
      expect((await ask(path, both)).status).toBe(401);
    }
    const asCookie = { cookie: `actp_session=${token}`, 'x-page-token': session['x-page-token'] };
    for (const path of ['/dashboard', ...reads]) expect((await ask(path, asCookie)).status).toBe(401);
  });

  it('is not given to who logs in without asking as the page does, nor shown in its address', async () => {
    const answer = await fetch(`${gateway.url}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(operator),
    });
    expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([
      303,
      '/dashboard',
      '',
    ]);
  });

  it('is what a server on another port really gets, and is of no use to it', async () => {
    let stolen = '';
    const thief = createServer((request, response) => {
      stolen = request.headers.cookie ?? '';
      response.end();
    }).listen(0, '127.0.0.1');
    await once(thief, 'listening');
    atEnd(() => void thief.close());
    const { port } = thief.address() as AddressInfo; // what a TCP server has
    // As a browser: the cookie goes to the host, whatever the port.
    await fetch(`http://127.0.0.1:${port}/`, { headers: cookie });
    expect(stolen).toBe(session.cookie);
    for (const path of reads) expect((await ask(path, { cookie: stolen })).status).toBe(401);
  });
});

describe('[TRU-003] a page’s session', () => {
  it('ends for every gateway when it is logged out', async () => {
    const other = await openGateway(stores);
    const own = await pageSession(gateway);
    const at = async (url: string) => (await fetch(`${url}/dashboard/api/queues`, { headers: own })).status;
    expect(await at(other.url)).toBe(200);
    expect((await ask('/logout', own, 'POST')).status).toBe(303);
    await eventually(async () => (await at(other.url)) === 401);
  });

  it('has a cookie of its host alone where a proxy speaks https', async () => {
    const answer = await fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: { accept: 'application/json', 'x-forwarded-proto': 'https' },
      body: new URLSearchParams(operator),
    });
    const set = answer.headers.get('set-cookie') ?? '';
    expect(set).toMatch(
      /^__Host-actp_session=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const { page_token } = (await answer.json()) as { page_token: string };
    const own = { cookie: set.split(';')[0] ?? '', 'x-page-token': page_token };
    expect((await ask('/dashboard/api/queues', own)).status).toBe(200);
    expect((await ask('/dashboard/api/queues', { cookie: own.cookie })).status).toBe(401);
  });
});

it.each(['login', 'logout', 'session'])(
  'the pages’ script %s is a script, and the same for everybody',
  async (name) => {
    const [alone, own] = await Promise.all(
      [{}, session].map(async (headers) => (await ask(`/page/${name}.js`, headers)).text()),
    );
    expect(alone).toBe(own);
    // Throws where it does not parse.
    expect(new Script(alone ?? '')).toBeInstanceOf(Script);
  },
);

describe('[TRU-003] nothing that needs a credential stays in a cache', () => {
  interface Description {
    paths: Record<string, Record<string, { security?: unknown[] }>>;
  }

  it('whatever the route, and whatever comes of it', async () => {
    const description = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as Description;
    const guarded = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security = [] }]) => security.length > 0)
        .map(([method]) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'x') })),
    );
    expect(guarded.length).toBeGreaterThan(20);
    for (const { method, path } of guarded) {
      // A GET that is answered; all others as errors, so that nothing changes.
      for (const headers of [{}, method === 'GET' ? { authorization: `Bearer ${token}` } : {}]) {
        const answer = await ask(path, headers, method);
        expect([answer.headers.get('cache-control'), method, path]).toEqual(['no-store', method, path]);
        await answer.body?.cancel();
      }
    }
  });

  it('nor the dashboard, its scripts, exports, event streams, logins and refusals', async () => {
    const asked = await gateway.fetch('/v1/approvals', json({ action: 'a', details: {} }));
    const { id } = (await asked.json()) as { id: string };
    const html = await (await ask('/dashboard', session)).text();
    const statics = [...html.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(
      ([, path]) => `/dashboard/${path}`,
    );
    expect(statics.length).toBeGreaterThan(3);
    const headers = { ...session, authorization: `Bearer ${token}` };
    const paths = ['/dashboard', '/dashboard/api/queues', ...statics, '/login', '/logout', '/metrics'];
    for (const path of [...paths, '/v1/audit/export', `/v1/approvals/${id}/events`, '/v1/nothing']) {
      const answer = await ask(path, headers);
      expect([answer.headers.get('cache-control'), path]).toEqual(['no-store', path]);
      await answer.body?.cancel();
    }
    const wrong = await gateway.fetch('/v1/auth/login', json({ ...operator, password: 'wrong' }));
    expect(wrong.headers.get('cache-control')).toBe('no-store');
  });
});
