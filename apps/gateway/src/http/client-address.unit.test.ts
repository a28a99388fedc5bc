import { describe, expect, it } from 'vitest';
import { createClientAddress, rateLimitKey } from './client-address.ts';

const behindProxies = createClientAddress(['127.0.0.1', '10.0.0.0/8', '2001:db8:ffff::/48', '::1']);
const direct = createClientAddress([]);

describe('[SEC-018] the client’s address in a container', () => {
  const inContainer = createClientAddress([], '172.18.0.1');
  const withProxy = createClientAddress(['127.0.0.1'], '172.18.0.1');

  it.each(['172.18.0.1', '::ffff:172.18.0.1', '127.0.0.1'])('is this machine for the host: %s', (remote) => {
    expect(inContainer(remote, undefined)).toEqual({ ip: '127.0.0.1', local: true });
    expect(inContainer(remote, '198.51.100.1')).toEqual({ ip: '127.0.0.1', local: true });
  });

  it.each(['172.18.0.2', '172.17.0.1', '172.18.0.11'])('is its own for another container: %s', (remote) => {
    expect(inContainer(remote, undefined)).toEqual({ ip: remote, local: false });
    expect(inContainer(remote, '127.0.0.1')).toEqual({ ip: remote, local: false });
    expect(withProxy(remote, '127.0.0.1')).toEqual({ ip: remote, local: false });
  });

  it('is the caller’s own behind a proxy on the host', () => {
    expect(withProxy('172.18.0.1', '198.51.100.1')).toEqual({ ip: '198.51.100.1', local: false });
  });
});

describe('the client’s address', () => {
  it.each<[remote: string | undefined, forwarded: string | undefined, ip: string, local: boolean]>([
    ['127.0.0.1', undefined, '127.0.0.1', true],
    ['::1', undefined, '::1', true],
    ['::ffff:127.0.0.1', undefined, '127.0.0.1', true],
    ['127.9.9.9', undefined, '127.9.9.9', false],
    ['203.0.113.9', undefined, '203.0.113.9', false],
    ['::ffff:203.0.113.9', undefined, '203.0.113.9', false],
    ['fe80::1%eth0', undefined, 'fe80::1', false],
    ['2001:DB8:0:0::1', undefined, '2001:db8::1', false],
    [undefined, undefined, '0.0.0.0', false],
    ['', '198.51.100.1', '0.0.0.0', false],
  ])('without proxies is the connection’s: %s', (remote, forwarded, ip, local) => {
    expect(direct(remote, forwarded)).toEqual({ ip, local });
  });

  it.each(['198.51.100.1', '127.0.0.1', ''])('ignores X-Forwarded-For of a stranger: %j', (forwarded) => {
    expect(direct('127.0.0.1', forwarded)).toEqual({ ip: '127.0.0.1', local: true });
    expect(behindProxies('203.0.113.9', forwarded)).toEqual({ ip: '203.0.113.9', local: false });
  });

  it.each<[forwarded: string, ip: string]>([
    ['198.51.100.1', '198.51.100.1'],
    // What a client sends itself stands on the left.
    ['1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['9.9.9.9,198.51.100.1 ,10.1.2.3,  10.4.5.6', '198.51.100.1'],
    ['198.51.100.1:4711', '198.51.100.1'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['2001:DB8::7%eth0', '2001:db8::7'],
    ['::ffff:198.51.100.1', '198.51.100.1'],
    ['::FFFF:C633:6401', '198.51.100.1'],
    ['0:0:0:0:0:ffff:198.51.100.1', '198.51.100.1'],
    ['198.51.100.1, 2001:db8:ffff::5', '198.51.100.1'],
    ['198.51.100.1, ::ffff:10.1.2.3', '198.51.100.1'],
  ])('from a trusted proxy is the right-most that is no proxy: %s', (forwarded, ip) => {
    expect(behindProxies('127.0.0.1', forwarded)).toEqual({ ip, local: false });
  });

  it.each([
    '',
    ',',
    'unknown',
    '198.51.100.1, unknown',
    '1.2.3',
    '999.1.1.1',
    '10.1.2.3',
    'x'.repeat(9_000),
    '[',
    '::1',
  ])('is the proxy’s own, and never exempt, when what it forwards names nobody: %s', (forwarded) => {
    expect(behindProxies('127.0.0.1', forwarded)).toEqual({ ip: '127.0.0.1', local: false });
  });

  it('is exempt when a trusted proxy on this machine forwards for nobody', () => {
    expect(behindProxies('127.0.0.1', undefined)).toEqual({ ip: '127.0.0.1', local: true });
  });
});

describe('the key that requests are counted under', () => {
  it.each<[ip: string, key: string]>([
    ['198.51.100.1', '198.51.100.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::198.51.100.1', '64:ff9b:0:0::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ])('of %s is %s', (ip, key) => {
    expect(rateLimitKey(ip)).toBe(key);
  });
});
