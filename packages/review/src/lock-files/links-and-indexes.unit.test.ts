import { describe, expect, it } from 'vitest';
import { readLockFile } from './read-lock-file.ts';

const names = (lock: object) =>
  readLockFile('package-lock.json', JSON.stringify(lock)).packages.map(({ name, origin }) => [name, origin]);

describe('[SEC-017] what a lock file brings in beside its packages', () => {
  it.each(['../../outside', '/srv/outside', 'file:../outside', 'packages/../../outside'])(
    'names a link that leaves the project: %s',
    (resolved) => {
      expect(names({ lockfileVersion: 3, packages: { 'node_modules/a': { resolved, link: true } } })).toEqual(
        [['a', 'file']],
      );
    },
  );

  it('reads both lists of version 2', () => {
    const lock = { lockfileVersion: 2, packages: {}, dependencies: { hidden: { version: '1.0.0' } } };
    expect(names(lock)).toEqual([['hidden', 'registry']]);
  });

  it.each([
    '-rmore.txt',
    '-c limits.txt',
    '-i https://index.example/simple',
    '--index-url=http://pypi.org/simple',
    '-f ./wheels',
    '--trusted-host pypi.org',
  ])('says what else requirements are taken from: %s', (line) =>
    expect(readLockFile('requirements.txt', line).problems).toHaveLength(1),
  );
});
