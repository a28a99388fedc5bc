import { describe, expect, it } from 'vitest';
import { worthOf, type DigestWorth } from './digests.ts';

const sri = (algorithm: string, bytes: number, fill = 7) =>
  `${algorithm}-${Buffer.alloc(bytes, fill).toString('base64')}`;
const hex = (length: number) => 'ab'.repeat(length / 2);

describe('[SEC-017] what the digests of a package are worth', () => {
  it.each<[what: string, integrity: string | null, ecosystem: 'npm' | 'pip', worth: DigestWorth]>([
    ['no digest', null, 'npm', 'none'],
    ['an empty one', '', 'npm', 'none'],
    ['words', 'trust me', 'npm', 'none'],
    ['an algorithm that nobody knows', 'crc32-AAAAAAAAAAA=', 'npm', 'none'],
    ['an algorithm without a digest', 'sha512-', 'npm', 'none'],
    ['a letter', 'sha512-x', 'npm', 'broken'],
    ['one that is cut off', sri('sha512', 63), 'npm', 'broken'],
    ['one that is longer', sri('sha512', 65), 'npm', 'broken'],
    ['one of another algorithm than it says', sri('sha256', 20), 'npm', 'broken'],
    ['one that fits, and one that is none', `${sri('sha512', 64)} sha512-x`, 'npm', 'broken'],
    ['one of Python that is cut off', `sha256:${hex(62)}`, 'pip', 'broken'],
    ['SHA-1', sri('sha1', 20), 'npm', 'weak'],
    ['MD5', sri('md5', 16), 'npm', 'weak'],
    ['SHA-1 as Yarn 1 has it behind an address', hex(40), 'npm', 'weak'],
    ['SHA-512', sri('sha512', 64), 'npm', 'good'],
    ['SHA-512 and the SHA-1 of before', `${sri('sha1', 20)} ${sri('sha512', 64)}`, 'npm', 'good'],
    ['two of SHA-512', `${sri('sha512', 64)} ${sri('sha512', 64, 8)}`, 'npm', 'several'],
    ['SHA-512 of Yarn', `10c0/${hex(128)}`, 'npm', 'good'],
    ['those of the files of a release', `sha256:${hex(64)} sha256:${hex(64)}`, 'pip', 'good'],
    ['MD5 in a file of requirements', `md5:${hex(32)}`, 'pip', 'weak'],
    ['a digest behind an address', hex(64), 'pip', 'good'],
  ])('%s', (_what, integrity, ecosystem, worth) => {
    expect(worthOf({ integrity, ecosystem })).toBe(worth);
  });
});
