import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LockFileError } from './lock-file.ts';
import { readLockFile } from './read-lock-file.ts';

describe('[SEC-017] a lock file that is none', () => {
  const names = [
    'package-lock.json',
    'pnpm-lock.yaml',
    'yarn.lock',
    'poetry.lock',
    'uv.lock',
    'requirements.txt',
  ];

  it.each([
    ['package-lock.json', '{"lockfileVersion": 3, "packages": {"a'],
    ['package-lock.json', '<html></html>'],
    ['package-lock.json', '[]'],
    ['pnpm-lock.yaml', 'a: [1'],
    ['pnpm-lock.yaml', 'a: 1'],
    ['yarn.lock', 'this is no lock file'],
    ['poetry.lock', '[[package'],
    ['uv.lock', 'a = '],
  ])('is refused: %s %s', (name, text) => {
    expect(() => readLockFile(name, text)).toThrow(LockFileError);
  });

  it('never ends in another error, whatever stands there', () => {
    const value = fc.jsonValue({ maxDepth: 5 });
    const odd = fc.oneof(
      fc.string({ maxLength: 200 }),
      value.map((json) => JSON.stringify(json)),
      value.map((json) =>
        JSON.stringify({
          lockfileVersion: 2,
          packages: { 'node_modules/x': json, y: json },
          dependencies: json,
        }),
      ),
      value.map(
        (json) => `lockfileVersion: 9\npackages: ${JSON.stringify(json)}\nsnapshots: ${JSON.stringify(json)}`,
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), odd, (name, text) => {
        try {
          readLockFile(name, text);
        } catch (error) {
          expect(error).toBeInstanceOf(LockFileError);
        }
      }),
    );
  });

  it('of pnpm may hold 50 000 packages as well', () => {
    const many = Array.from(
      { length: 50_000 },
      (_, n) => `  p${n}@1.0.0: {resolution: {integrity: sha512-${n}}}\n`,
    );
    const text = `lockfileVersion: '9.0'\npackages:\n${many.join('')}`;
    expect(readLockFile('pnpm-lock.yaml', text).packages).toHaveLength(50_000);
  });

  it('may be nested a hundred thousand deep, and hold 50 000 packages', () => {
    const deep = '{"dependencies":{"a":'.repeat(100_000) + '{}' + '}}'.repeat(100_000);
    expect(() => readLockFile('package-lock.json', deep)).not.toThrow(RangeError);
    const many = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, n) => [
        `node_modules/p${n}`,
        { version: '1.0.0', integrity: `sha512-${n}` },
      ]),
    );
    expect(
      readLockFile('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: many })).packages,
    ).toHaveLength(50_000);
  });
});
