import type { LockedPackage } from '../lock-files/lock-file.ts';

// As npm, pnpm and Yarn 1 write it (SRI), as pip does, as Yarn from 2 on does behind its cache key, and as plain hexadecimal.
const named = /^(sha\d{1,3}|md5)[-:=][A-Za-z\d+/=_-]{1,}(?:\?.*)?$/;
const afterCacheKey = /^(?:\d+[a-z]?\d*\/)?([\da-f]{32,128})$/i;
const strong = /^sha(?:256|384|512)$/;
const algorithmOfLength: Readonly<Record<number, string>> = {
  32: 'md5',
  40: 'sha1',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};

/** What the digests of a package are worth. `several`: more than one is accepted where one would do. */
export type DigestWorth = 'none' | 'weak' | 'several' | 'good';

/** A digest of a kind that nobody knows holds nothing to anything; of SHA-1 and MD5 another content can be made. */
export function worthOf({
  integrity,
  ecosystem,
}: Pick<LockedPackage, 'integrity' | 'ecosystem'>): DigestWorth {
  const algorithms = (integrity ?? '')
    .split(/[\s,]+/)
    .map(algorithmOf)
    .filter((algorithm) => algorithm !== undefined);
  if (algorithms.length === 0) return 'none';
  const good = algorithms.filter((algorithm) => strong.test(algorithm));
  if (good.length === 0) return 'weak';
  // The files of a release of Python have one each; npm takes any of the same algorithm.
  return ecosystem === 'npm' && new Set(good).size < good.length ? 'several' : 'good';
}

function algorithmOf(digest: string): string | undefined {
  const name = named.exec(digest)?.[1];
  if (name !== undefined) return name;
  const hexadecimal = afterCacheKey.exec(digest)?.[1];
  return hexadecimal === undefined ? undefined : algorithmOfLength[hexadecimal.length];
}
