import { describe, expect, it } from 'vitest';
import { LockFileError } from './lock-file.ts';
import { readLockFile } from './read-lock-file.ts';

const npm = (entry: unknown, root: object = {}) =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': root, 'node_modules/a': entry } });
const unread = (name: string, text: string) => readLockFile(name, text).unread.join('; ');

const yarn1 = `# yarn lockfile v1


a@^1.0.0:
  version "1.0.0"
  resolved "https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#${'a'.repeat(40)}"
  integrity sha512-a
  dependencies:
    b "^1.0.0"

b@^1.0.0:
  version "1.0.0"
  resolved "https://registry.yarnpkg.com/b/-/b-1.0.0.tgz#${'b'.repeat(40)}"
  integrity sha512-b
`;
const berry = `__metadata:
  version: 8

"a@npm:^1.0.0":
  version: 1.0.0
  resolution: "a@npm:1.0.0"
  dependencies:
    b: "npm:^1.0.0"
  checksum: 10c0/a

"b@npm:^1.0.0":
  version: 1.0.0
  resolution: "b@npm:1.0.0"
  checksum: 10c0/b

"p@workspace:.":
  version: 0.0.0-use.local
  resolution: "p@workspace:."
`;
const pnpm = `lockfileVersion: '9.0'

importers:
  .:
    dependencies:
      a: {specifier: ^1.0.0, version: 1.0.0(c@1.0.0)}
      z: {specifier: 'npm:b@^1.0.0', version: b@1.0.0}

packages:
  a@1.0.0: {resolution: {integrity: sha512-a}}
  b@1.0.0: {resolution: {integrity: sha512-b}}

snapshots:
  a@1.0.0(c@1.0.0): {}
  b@1.0.0: {}
`;
const poetry = `[[package]]
name = "a"
version = "1.0"
files = [{file = "a-1.0.tar.gz", hash = "sha256:aa"}]

[metadata]
lock-version = "2.1"
content-hash = "aa"
`;
const uv = `version = 1

[[package]]
name = "p"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "q" }]

[[package]]
name = "q"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
`;
const whole = {
  'package-lock.json': npm({ version: '1.0.0' }, { dependencies: { a: '1' } }),
  'pnpm-lock.yaml': pnpm,
  'yarn.lock': yarn1,
  'poetry.lock': poetry,
  'uv.lock': uv,
} as const;

/** What is read of a file, or that it is refused. */
function outcome(name: string, text: string): 'refused' | 'unread' | 'clean' {
  try {
    return readLockFile(name, text).unread.length === 0 ? 'clean' : 'unread';
  } catch (error) {
    if (error instanceof LockFileError) return 'refused';
    throw error;
  }
}

describe('[SEC-017] a lock file that is whole', () => {
  it.each([
    ...Object.entries(whole),
    ['yarn.lock', berry] as const,
    ['yarn.lock', '# yarn lockfile v1\n\n\n'] as const,
  ])('is read without a rest: %s', (name, text) => expect(unread(name, text)).toBe(''));
});

describe('[SEC-017] a lock file that is empty or cut off is never clean', () => {
  it.each([
    ['package-lock.json', whole['package-lock.json'], 'node_modules'],
    ['pnpm-lock.yaml', pnpm, '\nimporters'],
    ['pnpm-lock.yaml', pnpm, '  .:'],
    ['pnpm-lock.yaml', pnpm, '    dependencies'],
    ['pnpm-lock.yaml', pnpm, '      a: '],
    ['pnpm-lock.yaml', pnpm, '\npackages'],
    ['pnpm-lock.yaml', pnpm, '  b@1.0.0: {res'],
    ['pnpm-lock.yaml', pnpm, '\nsnapshots'],
    ['pnpm-lock.yaml', pnpm, '  b@1.0.0: {}'],
    ['yarn.lock', yarn1, '  version'],
    ['yarn.lock', yarn1, '\nb@'],
    ['yarn.lock', yarn1, 'egrity sha512-b'],
    ['yarn.lock', berry, '  version: 1.0.0'],
    ['yarn.lock', berry, '  resolution'],
    ['yarn.lock', berry, '"b@npm:^1.0.0":'],
    ['yarn.lock', berry, '"p@workspace:.":'],
    ['poetry.lock', poetry, '\n[metadata]'],
    ['uv.lock', uv, 'name = "p"'],
    ['uv.lock', uv, 'source = { virtual'],
    ['uv.lock', uv, '\n[[package]]\nname = "q"'],
  ])('%s (%#)', (name, text, mark) =>
    expect(outcome(name, text.slice(0, text.indexOf(mark)))).not.toBe('clean'),
  );

  it.each([
    ['poetry.lock', ''],
    ['uv.lock', ''],
    ['uv.lock', 'version = 1\n'],
    ['yarn.lock', ''],
    ['yarn.lock', '__metadata:\n  version: 8\n'],
    ['pnpm-lock.yaml', ''],
    ['package-lock.json', ''],
    ['package-lock.json', '{}'],
  ])('%s: %j', (name, text) => expect(outcome(name, text)).not.toBe('clean'));

  it.each([
    ['yarn.lock', yarn1.trimEnd()],
    ['yarn.lock', berry.trimEnd()],
    ['pnpm-lock.yaml', pnpm.trimEnd()],
  ])('%s without the end of its last line', (name, text) =>
    expect(unread(name, text)).toContain('it may be cut off'),
  );

  it.each([
    ['package-lock.json', npm({ version: '1.0.0' }, { dependencies: { a: '1', b: '1' } })],
    ['pnpm-lock.yaml', pnpm.replaceAll(/^ {2}b@1.0.0.*\n/gm, '')],
    ['uv.lock', uv.replace('name = "q" }', 'name = "r" }')],
  ])('%s that lacks what it needs', (name, text) =>
    expect(unread(name, text)).toMatch(/lacks 1 packages that/),
  );
});

describe('[SEC-017] a field of another type is said, and is no way to hide', () => {
  it.each([
    ['hasInstallScript', 'true', true],
    ['hasInstallScript', 1, true],
    ['hasInstallScript', 'false', true],
    ['hasInstallScript', null, false],
    ['hasInstallScript', 0, false],
  ])('%s: %j, as npm takes it', (key, value, expected) => {
    const file = readLockFile('package-lock.json', npm({ version: '1.0.0', [key]: value }));
    expect(file.packages[0]?.hasScript).toBe(expected);
    expect(file.unread).toEqual([`has 1 × "${key}" in a form that is not understood`]);
  });

  it.each([
    ['package-lock.json', npm('1.0.0'), 'packages'],
    ['package-lock.json', npm({ version: 1 }), 'version'],
    ['package-lock.json', npm({}), 'version'],
    ['package-lock.json', npm({ version: '1.0.0', resolved: ['https://example.com'] }), 'resolved'],
    ['package-lock.json', npm({ version: '1.0.0', resolved: 'anything' }), 'resolved'],
    ['package-lock.json', npm({ version: '1.0.0', integrity: {} }), 'integrity'],
    ['package-lock.json', npm({ version: '1.0.0', link: 'true' }), 'link'],
    ['package-lock.json', npm({ version: '1.0.0', inBundle: 'yes' }), 'inBundle'],
    ['pnpm-lock.yaml', pnpm.replace('{resolution: {integrity: sha512-a}}', '[]'), 'packages'],
    ['pnpm-lock.yaml', pnpm.replace('{integrity: sha512-a}', 'sha512-a'), 'resolution'],
    ['pnpm-lock.yaml', pnpm.replace('{integrity: sha512-a}', '{integrity: 7}'), 'integrity'],
    [
      'pnpm-lock.yaml',
      pnpm.replace('integrity: sha512-a}', "integrity: sha512-a}, requiresBuild: 'true'"),
      'requiresBuild',
    ],
    ['pnpm-lock.yaml', pnpm.replace('integrity: sha512-a', 'type: custom'), 'type'],
    ['yarn.lock', yarn1.replace('  version "1.0.0"\n', ''), 'version'],
    ['yarn.lock', berry.replace('"a@npm:1.0.0"', '1'), 'resolution'],
    ['yarn.lock', berry.replace('"a@npm:1.0.0"', '"a@sftp:host"'), 'resolution'],
    ['yarn.lock', berry.replace('checksum: 10c0/a', 'checksum: [10c0/a]'), 'checksum'],
    ['poetry.lock', poetry.replace('"1.0"', '1.0'), 'version'],
    ['poetry.lock', poetry.replace('name = "a"\n', ''), 'name'],
    ['poetry.lock', poetry.replace(', hash = "sha256:aa"', ', hash = 7'), 'hash'],
    [
      'poetry.lock',
      poetry.replace('\n[metadata]', '[package.source]\ntype = "ftp"\nurl = "ftp://a"\n[metadata]'),
      'source',
    ],
    ['poetry.lock', `package = "a"\n[metadata]\n`, 'package'],
    ['uv.lock', uv.replace('{ registry = "https://pypi.org/simple" }', '{ mirror = "x" }'), 'source'],
    ['uv.lock', uv.replace('registry = ', 'editable = ".", registry = '), 'source'],
    ['uv.lock', uv.replace('{ registry = "https://pypi.org/simple" }', '"registry"'), 'source'],
    ['uv.lock', uv.replace('version = 1\n', ''), 'version'],
  ])('%s (%#): %s', (name, text, field) => {
    expect(unread(name, text)).toContain(`× "${field}" in a form that is not understood`);
  });

  it('what is fetched by itself is not called bundled', () => {
    const text = npm({
      version: '1.0.0',
      resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
      inBundle: true,
    });
    expect(readLockFile('package-lock.json', text).packages[0]?.bundled).toBe(false);
  });

  it('pnpm shows the version that it fetches', () => {
    const text = pnpm.replace('integrity: sha512-a}', 'integrity: sha512-a}, version: 9.9.9');
    expect(readLockFile('pnpm-lock.yaml', text).problems).toEqual([
      'has packages of which another version is fetched than it shows',
    ]);
  });

  it('Yarn shows the version that it fetches', () => {
    const file = readLockFile('yarn.lock', berry.replace('version: 1.0.0\n', 'version: 9.9.9\n'));
    expect(file.packages[0]?.version).toBe('1.0.0');
    expect(file.problems).toEqual(['has packages of which another version is fetched than it shows']);
  });

  it.each([
    ['package-lock.json', JSON.stringify({ lockfileVersion: 4, packages: {} })],
    ['pnpm-lock.yaml', "lockfileVersion: '10.0'\n"],
  ])('%s of a version to come', (name, text) =>
    expect(unread(name, text)).toContain('is of a version that is not known here'),
  );
});

describe('[SEC-017] what is no lock file that is read here is refused', () => {
  it.each([
    ['requirements.txt', '\uFEFFrequests==1.0\n'.slice(1).split('').join('\0')],
    ['requirements.txt', Buffer.from('\uFEFFrequests==1.0\n', 'utf16le').toString('utf8')],
    ['requirements.txt', Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0x80]).toString('utf8')],
    ['requirements.txt', '<!doctype html>\n<title>requests==1.0</title>\n'],
    ['requirements.txt', '\n  <html>\nrequests==1.0\n'],
    ['package-lock.json', Buffer.from(npm({ version: '1.0.0\xE9' }), 'latin1').toString('utf8')],
    ['yarn.lock', yarn1.replace('  integrity sha512-b', '<<<<<<< HEAD\n  integrity sha512-b')],
    ['yarn.lock', yarn1.replace('"1.0.0"', '"1.0.0')],
    ['yarn.lock', yarn1.replace('"1.0.0"', String.raw`"1.0.\x30"`)],
    ['yarn.lock', yarn1.replace('  dependencies:\n', '')],
    ['bun.lock', '{}'],
    ['Pipfile.lock', '{}'],
    ['pdm.lock', ''],
    ['pylock.toml', 'lock-version = "1.0"'],
  ])('%s (%#)', (name, text) => expect(() => readLockFile(name, text)).toThrow(LockFileError));
});
