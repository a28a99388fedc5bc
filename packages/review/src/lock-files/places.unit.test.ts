import { describe, expect, it } from 'vitest';
import { origins } from '../dependencies/origins.ts';
import { ReviewRules } from '../projects/projects-config.ts';
import { projectState } from '../project-state.fixture.ts';
import { readLockFile } from './read-lock-file.ts';

const commit = 'c'.repeat(40);
const digest = `sha512-${'a'.repeat(86)}==`;
const sha256 = `sha256:${'b'.repeat(64)}`;

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
const poetry = (source: string) =>
  `[[package]]\nname = "a"\nversion = "1.0"\nfiles = [{file = "a-1.0-py3-none-any.whl", hash = "${sha256}"}]\n${source === '' ? '' : `[package.source]\n${source}\n`}\n[metadata]\nlock-version = "2.1"\n`;
const uv = (source: string, wheel = 'https://files.pythonhosted.org/a-1.0-py3-none-any.whl', more = '') =>
  `version = 1\n${more}\n[[package]]\nname = "p"\nsource = { virtual = "." }\n[[package]]\nname = "a"\nversion = "1.0"\nsource = { ${source} }\nwheels = [{ url = "${wheel}", hash = "${sha256}" }]\n`;
const pypi = 'registry = "https://pypi.org/simple"';
const tgz = (host: string) => `https://${host}/a/-/a-1.0.0.tgz`;
const archive = (address: string) => berry(`npm:1.0.0::__archiveUrl=${encodeURIComponent(address)}`);
const link = (resolved: string, more: object = {}) => npm({ resolved, link: true }, 'node_modules/a', more);

/** What a review says of where the one package of a lock file comes from. */
function said(name: string, text: string, registries: string[] = []): string[] {
  const file = readLockFile(name, text);
  expect(file.unread).toEqual([]);
  const rules = ReviewRules.parse({ registries });
  const review = origins.review(projectState({ lockFiles: [file], rules }));
  if (review instanceof Promise) throw new Error('it looks at once');
  return review.observations.map(
    ({ severity, title }) => `${severity} ${title.replace(/^a(?: 1\.0(?:\.0)?)? /, '')}`,
  );
}

const nothing: string[] = [];
const git = ['low comes from a git repository'];
const moving = ['high comes from a git repository, from whatever a name there points to'];
const url = ['medium comes from an address outside of any registry'];
const otherName = ['high is fetched as another package or version than it is called'];
const plain = ['high is fetched without encryption'];
const outside = ['low comes from a folder or a file outside of the project'];
const inside = ['low comes from a folder or a file'];
const foreign = ['high comes from another registry (evil.example) than the public ones'];
const foreignFile = ['high has files at a host (evil.example) that is not that of its registry'];

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
  [
    'poetry.lock',
    [
      ['the index', poetry(''), nothing],
      [
        'a git repository',
        poetry(`type = "git"\nurl = "https://example.com/o/a.git"\nresolved_reference = "${commit}"`),
        git,
      ],
      ['an address', poetry('type = "url"\nurl = "https://evil.example/a.whl"'), url],
      [
        'another index',
        poetry('type = "legacy"\nurl = "https://evil.example/simple"\nreference = "evil"'),
        foreign,
      ],
      ['no encryption', poetry('type = "legacy"\nurl = "http://pypi.org/simple"\nreference = "x"'), plain],
      ['a folder outside', poetry('type = "directory"\nurl = "../a"'), outside],
      ['an archive inside', poetry('type = "file"\nurl = "vendor/a.whl"'), inside],
    ],
  ],
  [
    'uv.lock',
    [
      ['the index', uv(pypi), nothing],
      ['a git repository', uv(`git = "https://example.com/o/a?rev=main#${commit}"`), git],
      ['an address', uv('url = "https://evil.example/a.whl"'), url],
      ['another index', uv('registry = "https://evil.example/simple"'), foreign],
      ['a wheel elsewhere', uv(pypi, 'https://evil.example/a-1.0-py3-none-any.whl'), foreignFile],
      [
        'a source elsewhere',
        `${uv(pypi)}sdist = { url = "https://evil.example/a-1.0.tar.gz", hash = "${sha256}" }\n`,
        foreignFile,
      ],
      [
        'a wheel of another package',
        uv(pypi, 'https://files.pythonhosted.org/evil-1.0-py3-none-any.whl'),
        otherName,
      ],
      [
        'a wheel of one whose name begins alike',
        uv(pypi, 'https://files.pythonhosted.org/a_evil-1.0-py3-none-any.whl'),
        otherName,
      ],
      [
        'a wheel of another version',
        uv(pypi, 'https://files.pythonhosted.org/a-0.9-py3-none-any.whl'),
        otherName,
      ],
      [
        'the same version, written otherwise',
        uv(pypi, 'https://files.pythonhosted.org/A-1.0.0-py3-none-any.whl'),
        nothing,
      ],
      ['no encryption', uv(pypi, 'http://files.pythonhosted.org/a-1.0-py3-none-any.whl'), plain],
      ['an index that is a folder', uv('registry = "../wheels"'), outside],
      ['an archive outside', uv('path = "../a.whl"'), outside],
      ['a folder outside', uv('directory = "../a"'), outside],
      ['an editable folder outside', uv('editable = "../a"'), outside],
      ['a folder outside that is not built', uv('virtual = "../a"'), outside],
      ['an editable folder inside', uv('editable = "vendor/a"'), inside],
      ['a workspace', uv('editable = "packages/a"', undefined, '[manifest]\nmembers = ["a"]'), nothing],
      ['the project itself', uv('editable = "."'), nothing],
    ],
  ],
  [
    'requirements.txt',
    [
      ['the index', 'a==1.0\n', nothing],
      ['a git repository', `a @ git+https://example.com/o/a.git@${commit}\n`, git],
      ['a branch', '-e git+https://example.com/o/a.git@main#egg=a\n', moving],
      [
        'Mercurial',
        'hg+https://example.com/o/a@main#egg=a\n',
        ['high comes from a hg repository, from whatever a name there points to'],
      ],
      [
        'Subversion',
        'a @ svn+ssh://example.com/o/a\n',
        ['high comes from a svn repository, from whatever a name there points to'],
      ],
      [
        'Bazaar',
        '-e bzr+lp:a#egg=a\n',
        ['high comes from a bzr repository, from whatever a name there points to'],
      ],
      ['an address', 'a @ https://evil.example/a.whl\n', url],
      ['no encryption', 'http://evil.example/a.whl#egg=a\n', plain],
      ['a folder outside', '../a\n', outside],
      ['an archive outside', 'a @ file:///srv/a.whl\n', outside],
      ['an editable folder outside', '-e ../a\n', outside],
      ['a folder inside', './vendor/a\n', inside],
      ['the project itself', '-e .[dev]\n', nothing],
    ],
  ],
] as Array<[name: string, rows: Array<[place: string, text: string, expected: string[]]>]>)(
  '[SEC-017] where a package of %s comes from',
  (name, rows) => {
    it.each(rows)('%s', (_, text, expected) => {
      expect(said(name, text).map((line) => line.replace(/^(\w+) bzr\+lp:a /, '$1 '))).toEqual(expected);
    });
  },
);

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
