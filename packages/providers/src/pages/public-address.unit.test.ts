import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';

describe('a public address', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.215.14',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '223.255.255.254',
  ])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each([
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
  ])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '10.0.0.1',
      '10.255.255.255',
      '100.64.0.1',
      '100.100.100.200',
      '100.127.255.255',
    ],
    ...[
      '127.0.0.1',
      '127.255.255.254',
      '168.63.129.16',
      '169.254.169.254',
      '169.254.170.2',
      '172.16.0.1',
      '172.31.255.255',
    ],
    ...[
      '192.0.0.1',
      '192.0.0.192',
      '192.0.2.1',
      '192.168.0.1',
      '192.88.99.1',
      '198.18.0.1',
      '198.19.255.255',
    ],
    ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each([
    ...[
      '::',
      '::1',
      '::2',
      '::7f00:1',
      '::127.0.0.1',
      '::808:808',
      '100::1',
      'fe80::1',
      'fe80::1%eth0',
      'febf::1',
      'fec0::1',
    ],
    ...[
      'fc00::1',
      'fd00:ec2::254',
      'fdff::1',
      'ff02::1',
      '2001:db8::1',
      '3fff::1',
      '2001:2::1',
      '2001:10::1',
      '5f00::1',
      '4000::1',
    ],
    ...[
      '64:ff9b:1::1',
      '64:ff9b:1::8.8.8.8',
      '::ffff:0:127.0.0.1',
      '::ffff:127.0.0.1',
      '::ffff:169.254.169.254',
    ],
    ...['64:ff9b::127.0.0.1', '64:ff9b::a00:1', '2002:7f00:1::1', '2002:a9fe:a9fe::1', '2002:c0a8:1::'],
    // Teredo: the server 8.8.8.8 and an inverted 127.0.0.1; then a private server and an inverted 8.8.8.8.
    ...['2001:0:808:808::80ff:fffe', '2001:0:a00:1::f7f7:f7f7'],
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each([
    '',
    'localhost',
    '1',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '8.8.8',
    '8.8.8.8 ',
    '[::1]',
    '1.1.1.1:80',
  ])('is no text like %j', (text) => expect(isPublicAddress(text)).toBe(false));

  it('is judged by the IPv4 address that is wrapped in it, in every form', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const bytes = ipaddr.IPv4.parse(address).toByteArray();
        const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
        const groups = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
        const expected = isPublicAddress(address);
        for (const form of [
          `::ffff:${address}`,
          `::ffff:${groups}`,
          `64:ff9b::${groups}`,
          `2002:${groups}::1`,
        ])
          expect([form, isPublicAddress(form)]).toEqual([form, expected]);
      }),
    );
  });

  it('is never judged by throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof isPublicAddress(text) === 'boolean'));
    fc.assert(fc.property(fc.ipV6(), (text) => typeof isPublicAddress(text) === 'boolean'));
  });
});
