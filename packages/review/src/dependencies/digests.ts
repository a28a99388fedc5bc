import type { LockedPackage } from '../lock-files/lock-file.ts';

// As npm, pnpm and Yarn 1 write it (SRI), as pip does, as Yarn from 2 on does behind its cache key, and as plain hexadecimal.
const named = /^(sha\d{1,3}|md5)[-:=]([A-Za-z\d+/=_-]*)(?:\?.*)?$/;
const afterCacheKey = /^(?:\d+[a-z]?\d*\/)?([\da-f]{32,128})$/i;
const bitsOf: Readonly<Record<string, number>> = {
  md5: 128,
  sha1: 160,
  sha256: 256,
  sha384: 384,
  sha512: 512,
};
const strong = /^sha(?:256|384|512)$/;
const algorithmOfLength: Readonly<Record<number, string>> = {
  32: 'md5',
  40: 'sha1',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};

/** What the digests of a package are worth. `several`: more than one is accepted where one would do; `broken`: one cannot be one. */
export type DigestWorth = 'none' | 'broken' | 'weak' | 'several' | 'good';

/** A digest of a kind that nobody knows holds nothing to anything; of SHA-1 and MD5 another content can be made. */
export function worthOf({
  integrity,
  ecosystem,
}: Pick<LockedPackage, 'integrity' | 'ecosystem'>): DigestWorth {
  const digests = (integrity ?? '')
    .split(/[\s,]+/)
    .map(readDigest)
    .filter((digest) => digest !== undefined);
  if (digests.length === 0) return 'none';
  if (digests.some(({ isWhole }) => !isWhole)) return 'broken';
  const good = digests.map(({ algorithm }) => algorithm).filter((algorithm) => strong.test(algorithm));
  if (good.length === 0) return 'weak';
  // The files of a release of Python have one each; npm takes any of the same algorithm.
  return ecosystem === 'npm' && new Set(good).size < good.length ? 'several' : 'good';
}

interface Digest {
  algorithm: string;
  /** Whether it has the length that one of its algorithm has. */
  isWhole: boolean;
}

function readDigest(digest: string): Digest | undefined {
  const [, algorithm, value = ''] = named.exec(digest) ?? [];
  if (algorithm !== undefined) {
    const bits = bitsOf[algorithm];
    if (value === '') return undefined;
    return { algorithm, isWhole: bits === undefined || hasBits(value, bits) };
  }
  const hexadecimal = afterCacheKey.exec(digest)?.[1];
  const found = hexadecimal === undefined ? undefined : algorithmOfLength[hexadecimal.length];
  return found === undefined ? undefined : { algorithm: found, isWhole: true };
}

function hasBits(value: string, bits: number): boolean {
  if (/^[\da-f]+$/i.test(value) && value.length === bits / 4) return true;
  const [, digits = '', padding = ''] = /^([A-Za-z\d+/_-]+)(={0,2})$/.exec(value) ?? [];
  const length = Math.ceil(bits / 6);
  return digits.length === length && (padding === '' || (length + padding.length) % 4 === 0);
}
