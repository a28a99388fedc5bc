import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { startPages, type Pages } from '@actp/testing/pages/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPageReader, type PageReaderDeps } from './page-reader.ts';
import { isPublicAddress } from './public-address.ts';
import { createSiteReader, never, readOne } from './site-reader.fixture.ts';

let site: Pages;
beforeEach(async () => {
  site = await startPages();
  site.setHtml('/a', '<title>Page A</title><p>text of a</p>');
});
afterEach(() => site.stop());

const read = (url: string, deps: PageReaderDeps = {}) => readOne(site, url, deps);
const readPath = (path: string, deps: PageReaderDeps = {}) => read(site.at(path), deps);

describe('reading a page', () => {
  it('brings its title and its text', async () => {
    expect(await readPath('/a')).toEqual({ url: site.at('/a'), title: 'Page A', text: 'text of a' });
    const [request] = site.log.requests;
    expect(request?.headers['host']).toBe(`site.example:${site.port}`);
    for (const header of ['cookie', 'authorization', 'referer'])
      expect(request?.headers).not.toHaveProperty(header);
  });

  it('brings several in the order of their addresses, whatever becomes of the others', async () => {
    const urls = [site.at('/missing'), site.at('/a'), 'ftp://site.example/', site.at('/a', 'b.example')];
    expect(await createSiteReader(site).readPages(urls, never)).toMatchObject([
      { url: urls[0], problem: 'its server answered with 404' },
      { url: urls[1], text: 'text of a' },
      { url: urls[2], problem: 'not a web address' },
      { url: urls[3], text: 'text of a' },
    ]);
    expect(await createSiteReader(site).readPages([], never)).toEqual([]);
  });

  it.each([
    ['plain text', { body: 'a <b>c</b>', type: 'text/plain' }, 'a <b>c</b>'],
    ['XHTML', { body: '<html><body><p>x</p></body></html>', type: 'application/xhtml+xml' }, 'x'],
    ['gzip', { body: gzipSync('<p>zipped'), headers: { 'content-encoding': 'gzip' } }, 'zipped'],
    ['deflate', { body: deflateSync('<p>zipped'), headers: { 'content-encoding': 'deflate' } }, 'zipped'],
    ['brotli', { body: brotliCompressSync('<p>zipped'), headers: { 'content-encoding': 'BR' } }, 'zipped'],
    [
      'Latin-1 by header',
      { body: Buffer.from('<p>Käse', 'latin1'), type: 'text/html; charset=ISO-8859-1' },
      'Käse',
    ],
    [
      'a charset by declaration',
      { body: Buffer.from('<meta charset="windows-1252"><p>Käse', 'latin1'), type: 'text/html' },
      'Käse',
    ],
    ['UTF-16 by its mark', { body: Buffer.from('\uFEFF<p>Käse', 'utf16le'), type: 'text/html' }, 'Käse'],
    ['an unknown charset', { body: '<p>Käse', type: 'text/html; charset=klingon' }, 'Käse'],
    ['bytes that are no UTF-8', { body: Buffer.from([0x61, 0xff, 0x62]), type: 'text/plain' }, 'a\uFFFDb'],
  ])('reads %s', async (_what, page, text) => {
    site.set('/p', page);
    expect(await readPath('/p')).toMatchObject({ text });
  });

  it.each([
    ['a PDF', { body: '%PDF-1.7', type: 'application/pdf' }, 'not an HTML page or plain text'],
    ['JSON', { body: '{}', type: 'application/json' }, 'not an HTML page or plain text'],
    ['no known type', { body: 'x', type: 'nonsense' }, 'not an HTML page or plain text'],
    ['an image that says more', { body: 'x', type: 'image/svg+xml' }, 'not an HTML page or plain text'],
    [
      'an unknown compression',
      { body: 'x', headers: { 'content-encoding': 'zstd' } },
      'its compression is not known',
    ],
    [
      'two compressions',
      { body: 'x', headers: { 'content-encoding': 'gzip, gzip' } },
      'its compression is not known',
    ],
    [
      'gzip that is none',
      { body: 'x', headers: { 'content-encoding': 'gzip' } },
      'it cannot be decompressed',
    ],
    [
      'half a gzip',
      { body: gzipSync('x'.repeat(9_999)).subarray(0, 30), headers: { 'content-encoding': 'gzip' } },
      'it cannot be decompressed',
    ],
    [
      'brotli that is none',
      { body: 'xxxxxxxx', headers: { 'content-encoding': 'br' } },
      'it cannot be decompressed',
    ],
    ['nothing', { body: '' }, 'it holds no text'],
    ['nothing to see', { body: '<p hidden>x</p>' }, 'it holds no text'],
    ['an error', { body: 'x', status: 500 }, 'its server answered with 500'],
    ['a redirect to nowhere', { body: '', status: 302 }, 'it redirects to nowhere'],
  ])('says why it does not read %s', async (_what, page, problem) => {
    site.set('/p', page);
    expect(await readPath('/p')).toEqual({ url: site.at('/p'), problem });
  });

  it('cuts a very long text', async () => {
    site.set('/p', { body: 'word '.repeat(50_000), type: 'text/plain' });
    const result = await readPath('/p');
    expect(result && 'text' in result && result.text.length).toBeLessThanOrEqual(40_000);
  });
});

describe('reading a page, for which addresses are checked', () => {
  it.each([
    ...['http://127.0.0.1/', 'http://localhost/', 'http://LOCALHOST/', 'http://[::1]/', 'http://2130706433/'],
    ...[
      'http://0x7f.1/',
      'http://0/',
      'http://169.254.169.254/latest/meta-data/',
      'http://[::ffff:a9fe:a9fe]/',
    ],
    ...[
      'http://10.0.0.1/',
      'http://100.64.0.1/',
      'http://192.168.1.1:443/',
      'http://[fd00::1]/',
      'http://[64:ff9b::7f00:1]/',
    ],
  ])('refuses %s with the rules of the program', async (url) => {
    expect(await createPageReader().readPages([url], never)).toEqual([
      { url, problem: 'not a public address' },
    ]);
  });

  it.each(['printer.local', 'db.internal', 'metadata.google.internal', 'rebind.example'])(
    'refuses %s, which is resolved to a private address',
    async (host) => {
      const lookup = async () => [{ address: '192.168.0.10', family: 4 }];
      expect(await read(site.at('/a', host), { lookup, isAllowed: isPublicAddress })).toMatchObject({
        problem: 'not a public address',
      });
    },
  );

  it('refuses a host when any of its addresses is not public', async () => {
    const lookup = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    expect(await readPath('/a', { lookup })).toMatchObject({ problem: 'not a public address' });
    expect(site.paths()).toEqual([]);
  });

  it('connects to the address that it has checked, whatever the name leads to a moment later', async () => {
    let lookups = 0;
    const lookup = async () => {
      lookups += 1;
      return [{ address: lookups === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    expect(await readPath('/a', { lookup })).toMatchObject({ text: 'text of a' });
    expect(lookups).toBe(1);
    // And the other way: a name that was public for the first page is checked again for what it redirects to.
    site.redirect('/r', '/a');
    lookups = 0;
    expect(await readPath('/r', { lookup })).toMatchObject({ problem: 'not a public address' });
    expect(lookups).toBe(2);
    expect(site.paths()).toEqual(['/a', '/r']);
  });

  it('asks the resolver of the system for nothing', async () => {
    // The name exists nowhere: only the given address can have been used.
    expect(await read(site.at('/a', 'no-such-host.invalid'))).toMatchObject({ text: 'text of a' });
  });

  it('says when a host is not found', async () => {
    const lookup = async () => Promise.reject(new Error('ENOTFOUND'));
    expect(await readPath('/a', { lookup })).toMatchObject({ problem: 'its host was not found' });
    expect(await readPath('/a', { lookup: async () => [] })).toMatchObject({
      problem: 'its host was not found',
    });
  });

  it.each([301, 302, 303, 307, 308])('follows a redirect with %i', async (status) => {
    site.redirect('/r', site.at('/a', 'other.example'), status);
    expect(await readPath('/r')).toEqual({ url: site.at('/r'), title: 'Page A', text: 'text of a' });
  });

  it('follows five redirects and not six', async () => {
    for (let hop = 1; hop <= 6; hop += 1) site.redirect(`/${hop}`, hop === 1 ? '/a' : `/${hop - 1}`);
    expect(await readPath('/5')).toMatchObject({ text: 'text of a' });
    expect(await readPath('/6')).toMatchObject({ problem: 'it redirects too often' });
    site.redirect('/loop', '/loop');
    expect(await readPath('/loop')).toMatchObject({ problem: 'it redirects too often' });
  });

  it.each([
    ['http://127.0.0.2/', 'not a public address'],
    ['http://169.254.169.254/latest/meta-data/', 'not a public address'],
    ['//10.0.0.1/', 'not a public address'],
    ['http://[::1]/', 'not a public address'],
    ['file:///etc/passwd', 'not a web address'],
    ['javascript:alert(1)', 'not a web address'],
    ['http://user:word@site.example/', 'its address holds a user name or password'],
  ])('checks a redirect to %s like the first address', async (location, problem) => {
    site.redirect('/r', location);
    expect(await readPath('/r', { ports: [site.port, 80] })).toMatchObject({ problem });
  });

  it('checks the port of a redirect', async () => {
    site.redirect('/r', 'http://site.example:22/');
    expect(await readPath('/r')).toMatchObject({
      problem: 'its address names a port that is not for web pages',
    });
  });

  it('does not follow a redirect to a private address', async () => {
    site.faults.add({ kind: 'redirect_to_private_address' });
    // The trap of the site is on 127.0.0.1 by number; here the site's names lead to what counts as public.
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    let checked = 0;
    const isAllowed = () => (checked += 1) === 1;
    expect(await readPath('/a', { lookup, isAllowed })).toMatchObject({ problem: 'not a public address' });
    expect(site.wasFollowed()).toBe(false);
  });
});
