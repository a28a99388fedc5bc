import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPages, type Pages } from './server.ts';

let site: Pages;
beforeEach(async () => {
  site = await startPages();
});
afterEach(() => site.stop());

describe('the stand-in for web sites', () => {
  it('shows what it was given, and 404 elsewhere', async () => {
    site.setHtml('/a', '<p>a');
    const page = await fetch(`${site.url}/a`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toBe('<p>a');
    expect((await fetch(`${site.url}/b`)).status).toBe(404);
    expect(site.paths()).toEqual(['/a', '/b']);
  });

  it('shows bytes as they are', async () => {
    site.set('/b', { body: Buffer.from([0, 255, 1]), type: 'text/plain' });
    const bytes = await (await fetch(`${site.url}/b`)).arrayBuffer();
    expect([...new Uint8Array(bytes)]).toEqual([0, 255, 1]);
  });

  it('redirects, and is told to by another process', async () => {
    site.redirect('/r', '/a', 307);
    const redirect = await fetch(`${site.url}/r`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, '/a']);
    const body = JSON.stringify({ path: '/new', body: 'hello', type: 'text/plain', headers: { 'x-a': 'b' } });
    expect((await fetch(`${site.url}/_control/page`, { method: 'POST', body })).status).toBe(200);
    const page = await fetch(`${site.url}/new`);
    expect([page.status, page.headers.get('x-a'), await page.text()]).toEqual([200, 'b', 'hello']);
    expect((await fetch(`${site.url}/_control/page`, { method: 'POST', body: '{}' })).status).toBe(400);
  });
});
