import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { FaultKind } from '@actp/testing/outside/faults';
import { startPages, type Pages } from '@actp/testing/pages/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PageReaderDeps } from './page-reader.ts';
import { createSiteReader, never, readOne } from './site-reader.fixture.ts';

let site: Pages;
beforeEach(async () => {
  site = await startPages();
  site.setHtml('/a', '<title>Page A</title><p>text of a</p>');
});
afterEach(() => site.stop());

const read = (url: string, deps: PageReaderDeps = {}) => readOne(site, url, deps);
const readPath = (path: string, deps: PageReaderDeps = {}) => read(site.at(path), deps);

describe('reading a page from a site with faults', () => {
  it.each(['huge_body', 'gzip_bomb'] as const)('stops at its limit when the site plays %s', async (kind) => {
    site.faults.add({ kind, bytes: 1_000_000_000 });
    expect(await readPath('/a')).toMatchObject({ problem: 'larger than 2 MiB' });
  });

  it('stops at its limit when the size is announced and the compression hides it', async () => {
    const body = gzipSync(Buffer.alloc(5_000_000, 'x'));
    site.set('/p', { body, headers: { 'content-encoding': 'gzip', 'content-length': String(body.length) } });
    expect(await readPath('/p')).toMatchObject({ problem: 'larger than 2 MiB' });
  });

  it('stops at its limit when much is sent that becomes nothing', async () => {
    const body = Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync('')));
    site.set('/p', { body, headers: { 'content-encoding': 'gzip' } });
    const limitBytes = 2 ** 14;
    expect(await readPath('/p', { limitBytes })).toMatchObject({ problem: 'larger than 0.015625 MiB' });
  });

  it('reads the whole of a page just below its limit', async () => {
    site.set('/p', { body: `<p>seen</p><!--${'x'.repeat(2_000_000)}-->` });
    expect(await readPath('/p')).toMatchObject({ text: 'seen' });
  });

  it.each([
    ['reset_mid_body', {}],
    ['accept_then_timeout', { ms: 0 }],
  ] as const)('says so when the site plays %s', async (kind, more) => {
    site.faults.add({ kind, ...more });
    expect(await readPath('/a')).toMatchObject({
      problem: 'its server closed the connection or cannot be reached',
    });
  });

  it('reads what is there when a page ends early', async () => {
    site.set('/p', { body: `<p>the beginning</p>${'<p>the rest</p>'.repeat(20)}` });
    site.faults.add({ kind: 'truncated_json' });
    expect(await readPath('/p')).toMatchObject({ text: expect.stringContaining('the beginning') });
  });

  it.each([
    ['5xx_before_effect', 'its server answered with 503'],
    ['429', 'its server answered with 429'],
  ] as const)('does not ask again when the site plays %s', async (kind, problem) => {
    site.faults.add({ kind });
    expect(await readPath('/a')).toMatchObject({ problem });
    expect(site.paths()).toEqual(['/a']);
  });

  it('waits for a slow answer, within its time', async () => {
    site.faults.add({ kind: 'slow_answer', ms: 20 });
    expect(await readPath('/a')).toMatchObject({ text: 'text of a' });
  });

  it('says so when nobody listens', async () => {
    await site.goAway();
    expect(await readPath('/a')).toMatchObject({ problem: expect.stringContaining('cannot be reached') });
  });

  it.each(FaultKind.options)('answers %s with a text or a problem, and then goes on', async (kind) => {
    site.faults.add({ kind, ms: 1, bytes: 3_000_000 });
    expect(Object.keys((await readPath('/a')) ?? {}).join()).toMatch(/^url,(?:title,text|problem)$/);
    expect(await readPath('/a')).toMatchObject({ text: 'text of a' });
  });

  it('reads the others when one connection is cut', async () => {
    site.faults.add({ kind: 'accept_then_timeout', ms: 0, path: '/never', times: 'always' });
    const pages = [site.at('/never'), site.at('/a'), site.at('/never')];
    const cut = { problem: 'its server closed the connection or cannot be reached' };
    expect(await createSiteReader(site).readPages(pages, never)).toMatchObject([
      cut,
      { text: 'text of a' },
      cut,
    ]);
  });

  it('ends pages that do not come, each in its time and all in theirs', async () => {
    site.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    const pages = [site.at('/never'), site.at('/neither')];
    const timedOut = [{ problem: 'timed out' }, { problem: 'timed out' }];
    expect(await createSiteReader(site, { timeoutMs: 50 }).readPages(pages, never)).toMatchObject(timedOut);
    expect(await createSiteReader(site, { pageTimeoutMs: 50 }).readPages(pages, never)).toMatchObject(
      timedOut,
    );
  });

  it('ends a body that comes by drops, and a resolver that never answers', async () => {
    const drops = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const timer = setInterval(() => response.write('<p>drop</p>'), 10);
      response.once('close', () => clearInterval(timer));
    });
    await once(drops.listen(0, '127.0.0.1'), 'listening');
    // A TCP server has an address of this kind once it listens.
    const { port } = drops.address() as AddressInfo;
    const closed = once(drops, 'close');
    const url = `http://drops.example:${port}/`;
    expect(await read(url, { ports: [port], pageTimeoutMs: 200 })).toMatchObject({ problem: 'timed out' });
    drops.close();
    await closed;
    const lookup = () => new Promise<never>(() => undefined);
    expect(await readPath('/a', { lookup, pageTimeoutMs: 50 })).toMatchObject({ problem: 'timed out' });
  });

  it('ends at once when the caller does', async () => {
    site.faults.add({ kind: 'accept_then_timeout' });
    const stop = new AbortController();
    const running = createSiteReader(site).readPages([site.at('/a')], stop.signal);
    stop.abort(new Error('cancelled by the person'));
    await expect(running).rejects.toThrow('cancelled by the person');
    await expect(createSiteReader(site).readPages([site.at('/a')], stop.signal)).rejects.toThrow('cancelled');
  });
});
