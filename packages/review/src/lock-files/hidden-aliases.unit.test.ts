import { describe, expect, it } from 'vitest';
import { integrity as integritySource } from '../dependencies/integrity.ts';
import { projectState } from '../project-state.fixture.ts';
import { said } from './places.fixture.ts';
import { readLockFile } from './read-lock-file.ts';

const digest = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const hidden = ['high is what is installed when b is asked for'];

function npm(spec: string, more: object = {}, nested?: string) {
  const entry = { version: '1.0.0', integrity: digest };
  return JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: nested === undefined ? { b: spec } : { c: '*' } },
      'node_modules/b': { ...entry, name: 'a', ...more },
      ...(nested !== undefined && { 'node_modules/c': { ...entry, dependencies: { b: nested } } }),
    },
  });
}

const pnpm = (importer: string, top = '', snapshot = '{}') => `lockfileVersion: '9.0'
${top}importers:
  .:
    dependencies:
      ${importer}
packages:
  a@1.0.0: {resolution: {integrity: ${digest}}}
snapshots:
  a@1.0.0: ${snapshot}
`;
const catalog = (spec: string) => `catalogs:\n  default:\n    b: {specifier: '${spec}', version: 1.0.0}\n`;
const older = (spec: string) => `lockfileVersion: 5.4
specifiers: {b: '${spec}'}
dependencies: {b: /a/1.0.0}
packages:
  /a/1.0.0: {resolution: {integrity: ${digest}}}
`;

describe('[SEC-017] another package than the one that is asked for', () => {
  it.each<[string, string, string, string[]]>([
    ['package-lock.json', 'of a range', npm('^1.0.0'), hidden],
    ['package-lock.json', 'of another alias', npm('npm:c@1.0.0'), hidden],
    ['package-lock.json', 'that a package asks for', npm('', {}, '^1.0.0'), hidden],
    ['package-lock.json', 'of an alias', npm('npm:a@^1.0.0'), []],
    ['package-lock.json', 'of an alias without a version', npm('npm:a'), []],
    ['package-lock.json', 'of an alias of a package', npm('', {}, 'npm:a@1'), []],
    ['pnpm-lock.yaml', 'of a range', pnpm('b: {specifier: ^1.0.0, version: a@1.0.0}'), hidden],
    ['pnpm-lock.yaml', 'of an alias', pnpm("b: {specifier: 'npm:a@^1.0.0', version: a@1.0.0}"), []],
    ['pnpm-lock.yaml', 'of another', pnpm("b: {specifier: 'npm:c@^1.0.0', version: a@1.0.0}"), hidden],
    [
      'pnpm-lock.yaml',
      'of a catalog',
      pnpm("b: {specifier: 'catalog:', version: a@1.0.0}", catalog('^1')),
      hidden,
    ],
    [
      'pnpm-lock.yaml',
      'of a catalog',
      pnpm("b: {specifier: 'catalog:', version: a@1.0.0}", catalog('npm:a@1')),
      [],
    ],
    ['pnpm-lock.yaml', 'of version 5', older('^1.0.0'), hidden],
    ['pnpm-lock.yaml', 'of version 5', older('npm:a@1.0.0'), []],
    [
      'pnpm-lock.yaml',
      'of a package',
      pnpm('a: {specifier: 1.0.0, version: 1.0.0}', '', '{dependencies: {b: a@1.0.0}}'),
      hidden,
    ],
    [
      'pnpm-lock.yaml',
      'of overrides',
      pnpm(
        'a: {specifier: 1.0.0, version: 1.0.0}',
        "overrides: {b: 'npm:a@1.0.0'}\n",
        '{dependencies: {b: a@1.0.0}}',
      ),
      [],
    ],
    [
      'pnpm-lock.yaml',
      'that says so',
      pnpm('a: {specifier: 1.0.0, version: 1.0.0}', '', '{dependencies: {a-cjs: a@1.0.0}}'),
      [],
    ],
  ])('%s: %s', (name, _, text, expected) => {
    const found = said(name, text).map((one) => one.replace(/^(\w+) [ac] 1\.0\.0 /, '$1 '));
    expect(found).toEqual(expected);
  });
});

describe('[SEC-017] a package that is said to be part of another', () => {
  const read = (packages: object) => {
    const text = JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } });
    const review = integritySource.review(
      projectState({ lockFiles: [readLockFile('package-lock.json', text)] }),
    );
    if (review instanceof Promise) throw new Error('it looks at once');
    return review.observations.map(({ title }) => title);
  };
  const parent = (more: object) => ({ 'node_modules/a': { version: '1.0.0', integrity: digest, ...more } });
  const part = { version: '1.0.0', inBundle: true };

  it('needs no digest below one that has such parts', () => {
    const parts = { 'node_modules/a/node_modules/b': part };
    expect(read({ ...parent({ bundleDependencies: ['b'] }), ...parts })).toEqual([]);
    expect(read({ ...parent({}), ...parts })).toEqual(['b 1.0.0 has no digest']);
    expect(read({ ...parent({ bundleDependencies: [] }), ...parts })).toEqual(['b 1.0.0 has no digest']);
  });

  it('needs one where it belongs to nothing', () => {
    expect(read({ ...parent({}), 'node_modules/b': part })).toEqual(['b 1.0.0 has no digest']);
    const tree = { lockfileVersion: 1, dependencies: { b: { version: '1.0.0', bundled: true } } };
    const [entry] = readLockFile('package-lock.json', JSON.stringify(tree)).packages;
    expect(entry).toMatchObject({ bundled: false });
  });
});
