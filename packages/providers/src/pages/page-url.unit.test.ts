import { describe, expect, it } from 'vitest';
import { pageUrl, webPorts } from './page-url.ts';

const check = (text: string, base?: URL) => pageUrl(text, webPorts, base).href;

describe('the address of a page', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['http://example.com:80/a?b=c#d', 'http://example.com/a?b=c'],
    ['HTTPS://EXAMPLE.com:443/', 'https://example.com/'],
    ['http://example.com:443/', 'http://example.com:443/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ])('may be %s', (text, href) => expect(check(text)).toBe(href));

  it.each([
    ['https://user@example.com/', 'user name'],
    ['https://user:secret@example.com/', 'user name'],
    ['https://:secret@example.com/', 'user name'],
    ['http://example.com:22/', 'port'],
    ['http://example.com:6379/', 'port'],
    ['https://example.com:8443/', 'port'],
    ['http://example.com:0/', 'port'],
    ['ftp://example.com/', 'web address'],
    ['file:///etc/passwd', 'web address'],
    ['data:text/html,hello', 'web address'],
    ['javascript:alert(1)', 'web address'],
    ['gopher://example.com:80/', 'web address'],
    ['example.com', 'web address'],
    ['', 'web address'],
    ['http://', 'web address'],
    [`https://example.com/${'a'.repeat(3_000)}`, 'too long'],
  ])('may not be %s', (text, problem) => expect(() => check(text)).toThrow(problem));

  it('counts from the page that redirects', () => {
    const base = new URL('https://example.com/a/b');
    expect(check('../c', base)).toBe('https://example.com/c');
    expect(check('//other.example/d', base)).toBe('https://other.example/d');
    expect(() => check('//other.example:22/', base)).toThrow('port');
  });

  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://①②⑦.0.0.1/',
  ])('writes %s as the number that it is, which is then looked at', (text) =>
    expect(pageUrl(text, webPorts).hostname).toBe('127.0.0.1'),
  );
});
