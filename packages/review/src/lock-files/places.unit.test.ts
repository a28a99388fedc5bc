import { describe, expect, it } from 'vitest';
import {
  commit,
  foreign,
  git,
  inside,
  moving,
  nothing,
  otherName,
  outside,
  plain,
  said,
  url,
  type Places,
} from './places.fixture.ts';

const digest = `sha512-${'a'.repeat(86)}==`;

const npm = (entry: object, path = 'node_modules/a', more: object = {}) =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: { '': { name: 'p' }, [path]: { version: '1.0.0', integrity: digest, ...entry }, ...more },
  });
const npm1 = (entry: object) =>
  JSON.stringify({
    lockfileVersion: 1,
    dependencies: { a: { version: '1.0.0', integrity: digest, ...entry } },
  });
const pnpm = (key: string, resolution: string, version = '9.0') =>
  `lockfileVersion: '${version}'\npackages:\n  ${key}:\n    resolution: {${resolution}}\n    name: a\n    version: 1.0.0\nsnapshots:\n  ${key}: {}\n`;
const pnpmLink = (target: string) =>
  `lockfileVersion: '9.0'\nimporters:\n  .: {}\n  packages/b: {}\n  packages/c:\n    dependencies:\n      a:\n        specifier: '*'\n        version: ${target}\n`;
const yarn1 = (range: string, resolved: string) =>
  `# yarn lockfile v1\n\n\n"a@${range}":\n  version "1.0.0"\n  resolved "${resolved}"\n  integrity ${digest}\n`;
const berry = (reference: string, descriptor = 'npm:^1.0.0') =>
  `__metadata:\n  version: 8\n\n"a@${descriptor}":\n  version: 1.0.0\n  resolution: "a@${reference}"\n  checksum: 10c0/${'d'.repeat(128)}\n\n"p@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "p@workspace:."\n`;
const tgz = (host: string) => `https://${host}/a/-/a-1.0.0.tgz`;
const archive = (address: string) => berry(`npm:1.0.0::__archiveUrl=${encodeURIComponent(address)}`);
const link = (resolved: string, more: object = {}) => npm({ resolved, link: true }, 'node_modules/a', more);

describe.each([
  [
    'package-lock.json',
    [
      ['a registry', npm({ resolved: tgz('registry.npmjs.org') }), nothing],
      ['a git repository', npm({ resolved: `git+ssh://git@example.com/o/a.git#${commit}` }), git],
      ['a branch', npm({ resolved: 'git+https://example.com/o/a.git#main' }), moving],
      ['a short name of a repository', npm1({ version: 'o/a#main' }), moving],
      ['an archive of GitHub', npm({ resolved: `https://codeload.github.com/o/a/tar.gz/${commit}` }), git],
      ['an address', npm({ resolved: 'https://evil.example/a.tgz' }), url],
      ['an address in capitals', npm({ resolved: 'HTTPS://evil.example/a.tgz' }), url],
      ['another kind of address', npm({ resolved: 'ftp://evil.example/a.tgz' }), url],
      ['another registry', npm({ resolved: tgz('evil.example') }), foreign],
      [
        'another registry, with a user called like it',
        npm({ resolved: tgz('registry.npmjs.org@evil.example') }),
        foreign,
      ],
      [
        'the same name in another scope',
        npm({ resolved: 'https://registry.npmjs.org/@evil/a/-/a-1.0.0.tgz' }),
        otherName,
      ],
      [
        'another folder of the registry',
        npm({ resolved: 'https://registry.npmjs.org/evil/-/a-1.0.0.tgz' }),
        otherName,
      ],
      [
        'a registry in a folder',
        npm({ resolved: 'https://registry.npmjs.org/api/npm/all/a/-/a-1.0.0.tgz' }),
        nothing,
      ],
      ['no encryption', npm({ resolved: 'HTTP://registry.npmjs.org/a/-/a-1.0.0.tgz' }), plain],
      ['a folder outside', link('../../a'), outside],
      ['a folder of the machine', link('/srv/a'), outside],
      ['an archive outside', npm({ resolved: 'file:../a.tgz' }), outside],
      ['an archive inside', npm({ resolved: 'file:vendor/a.tgz' }), inside],
      ['a folder inside', link('vendor/a', { 'vendor/a': { version: '1.0.0' } }), inside],
      ['a workspace', link('packages/a', { '': { workspaces: ['packages/*'] }, 'packages/a': {} }), nothing],
    ],
  ],
  [
    'pnpm-lock.yaml',
    [
      ['a registry', pnpm('a@1.0.0', `integrity: ${digest}`), nothing],
      [
        'a git repository',
        pnpm(
          'a@git+https://example.com/o/a.git#x',
          `type: git, repo: https://example.com/o/a.git, commit: ${commit}`,
        ),
        git,
      ],
      [
        'an address',
        pnpm('a@https://evil.example/a.tgz', `tarball: https://evil.example/a.tgz, integrity: ${digest}`),
        url,
      ],
      [
        'a program',
        pnpm(
          'a@runtime:1.0.0',
          `type: variations, variants: [{resolution: {type: binary, url: 'https://evil.example/a'}}]`,
        ),
        url,
      ],
      ['another registry', pnpm('a@1.0.0', `integrity: ${digest}, tarball: ${tgz('evil.example')}`), foreign],
      [
        'another package',
        pnpm('b@1.0.0', `integrity: ${digest}`),
        ['high is what is installed when b is asked for'],
      ],
      [
        'another registry (5)',
        pnpm(
          '/a/1.0.0',
          `integrity: ${digest}, registry: 'https://evil.example/', tarball: a/-/a-1.0.0.tgz`,
          '5.4',
        ),
        foreign,
      ],
      [
        'another registry in the key (5)',
        pnpm('evil.example/a/1.0.0', `integrity: ${digest}`, '5.3'),
        foreign,
      ],
      [
        'another registry in the key (6)',
        pnpm('evil.example/a@1.0.0', `integrity: ${digest}`, '6.0'),
        foreign,
      ],
      [
        'no encryption',
        pnpm('a@1.0.0', `integrity: ${digest}, tarball: 'http://registry.npmjs.org/a/-/a-1.0.0.tgz'`),
        plain,
      ],
      ['a folder outside', pnpm('a@file:../a', 'type: directory, directory: ../a'), outside],
      [
        'an archive outside',
        pnpm('a@file:../a.tgz', `tarball: file:../a.tgz, integrity: ${digest}`),
        outside,
      ],
      ['a folder inside', pnpm('a@file:vendor/a', 'type: directory, directory: vendor/a'), inside],
      ['a link outside', pnpmLink('link:../../../a'), outside],
      ['a link inside', pnpmLink('link:../../vendor/a'), inside],
      ['a workspace', pnpmLink('link:../b'), nothing],
    ],
  ],
  [
    'yarn.lock',
    [
      ['a registry (1)', yarn1('^1.0.0', `${tgz('registry.yarnpkg.com')}#${commit}`), nothing],
      [
        'a git repository (1)',
        yarn1('git+https://example.com/o/a.git', `git+https://example.com/o/a.git#${commit}`),
        git,
      ],
      ['an archive of GitHub (1)', yarn1('o/a', `https://codeload.github.com/o/a/tar.gz/${commit}`), git],
      ['an address (1)', yarn1('https://evil.example/a.tgz', 'https://evil.example/a.tgz'), url],
      ['another registry (1)', yarn1('^1.0.0', tgz('evil.example')), foreign],
      [
        'another registry, escaped (1)',
        yarn1('^1.0.0', String.raw`https:\/\/\u0065vil.example/a/-/a-1.0.0.tgz`),
        foreign,
      ],
      [
        'another package (1)',
        yarn1('^1.0.0', 'https://registry.yarnpkg.com/b/-/b-1.0.0.tgz'),
        ['high is fetched as another package or version than it is called'],
      ],
      ['no encryption (1)', yarn1('^1.0.0', 'http://registry.yarnpkg.com/a/-/a-1.0.0.tgz'), plain],
      ['a folder outside (1)', '# yarn lockfile v1\n\n\n"a@file:../a":\n  version "1.0.0"\n', outside],
      ['a folder inside (1)', '# yarn lockfile v1\n\n\n"a@file:./vendor/a":\n  version "1.0.0"\n', inside],
      ['a registry', berry('npm:1.0.0'), nothing],
      ['a registry, by a tag', berry('npm:1.0.0', 'npm:latest'), nothing],
      ['a git repository', berry(`https://example.com/o/a.git#commit=${commit}`), git],
      ['an address', berry('https://evil.example/a.tgz'), url],
      ['an archive elsewhere', archive('https://evil.example/a.tgz'), url],
      ['another registry', archive(tgz('evil.example')), foreign],
      [
        'the same name in another scope',
        archive('https://registry.npmjs.org/@evil/a/-/a-1.0.0.tgz'),
        otherName,
      ],
      ['no encryption', archive('http://registry.npmjs.org/a/-/a-1.0.0.tgz'), plain],
      [
        'another package',
        berry('npm:1.0.0').replace('resolution: "a@', 'resolution: "b@'),
        ['high b 1.0.0 is what is installed when a is asked for'],
      ],
      [
        'another package by name',
        berry('npm:1.0.0', 'npm:b@^1.0.0').replace('resolution: "a@', 'resolution: "b@'),
        nothing,
      ],
      ['a folder outside', berry('link:../a::locator=p%40workspace%3A.', 'link:../a'), outside],
      ['a folder inside', berry('link:../a::locator=p%40workspace%3Apackages%2Fp', 'link:../a'), inside],
      ['a program', berry('exec:./make.js::locator=p%40workspace%3A.', 'exec:./make.js'), inside],
      ['a workspace', berry('workspace:packages/a', 'workspace:packages/a'), nothing],
    ],
  ],
] as Places)('[SEC-017] where a package of %s comes from', (name, rows) => {
  it.each(rows)('%s', (_, text, expected) => expect(said(name, text)).toEqual(expected));
});

describe('[SEC-017] registries that the rules name', () => {
  it('are allowed, and no others beside the public ones', () => {
    const own = (host: string) =>
      JSON.stringify({
        lockfileVersion: 3,
        packages: Object.fromEntries(
          ['a', 'b', 'c'].map((name) => [
            `node_modules/${name}`,
            { version: '1.0.0', integrity: digest, resolved: `https://${host}/${name}/-/${name}-1.0.0.tgz` },
          ]),
        ),
      });
    expect(said('package-lock.json', own('npm.example'))).toEqual([]);
    expect(said('package-lock.json', own('npm.example'), ['npm.example'])).toEqual([]);
    expect(said('package-lock.json', own('npm.example'), ['other.example'])).toHaveLength(3);
  });
});
