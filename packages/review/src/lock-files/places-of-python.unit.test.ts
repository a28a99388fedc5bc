import { describe, expect, it } from 'vitest';
import {
  commit,
  foreign,
  foreignFile,
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

const sha256 = `sha256:${'b'.repeat(64)}`;

const poetry = (source: string) =>
  `[[package]]\nname = "a"\nversion = "1.0"\nfiles = [{file = "a-1.0-py3-none-any.whl", hash = "${sha256}"}]\n${source === '' ? '' : `[package.source]\n${source}\n`}\n[metadata]\nlock-version = "2.1"\n`;
const uv = (source: string, wheel = 'https://files.pythonhosted.org/a-1.0-py3-none-any.whl', more = '') =>
  `version = 1\n${more}\n[[package]]\nname = "p"\nsource = { virtual = "." }\n[[package]]\nname = "a"\nversion = "1.0"\nsource = { ${source} }\nwheels = [{ url = "${wheel}", hash = "${sha256}" }]\n`;
const pypi = 'registry = "https://pypi.org/simple"';

describe.each([
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
] as Places)('[SEC-017] where a package of %s comes from', (name, rows) => {
  it.each(rows)('%s', (_, text, expected) =>
    expect(said(name, text).map((line) => line.replace(/^(\w+) bzr\+lp:a /, '$1 '))).toEqual(expected),
  );
});
