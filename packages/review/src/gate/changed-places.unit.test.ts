import { describe, expect, it } from 'vitest';
import { asked } from './change.fixture.ts';

const digest = (text: string) => `sha512-${Buffer.from(text.padEnd(64, '.')).toString('base64')}`;

function npm(
  places: Record<string, readonly [name: string, version: string]>,
  specs: Record<string, string> = {},
) {
  const packages = Object.entries(places).map(([path, [name, version]]) => [
    path,
    {
      version,
      resolved: `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`,
      integrity: digest(`${name}@${version}`),
      ...(path.endsWith(`/${name}`) ? {} : { name }),
      ...(name === 'tool-of-tests' && { dependencies: { 'quiet-name': '*' } }),
    },
  ]);
  const dependencies = { 'quiet-name': '*', 'tool-of-tests': '*', ...specs };
  return JSON.stringify({
    lockfileVersion: 3,
    packages: { '': { dependencies }, ...Object.fromEntries(packages) },
  });
}

const tree = (quiet: string, tool: string) => {
  const entry = (version: string) => ({ version, integrity: digest(version), requires: {} });
  return JSON.stringify({
    lockfileVersion: 1,
    dependencies: {
      'quiet-name': entry(quiet),
      'tool-of-tests': { ...entry('1.0.0'), dependencies: { 'quiet-name': entry(tool) } },
    },
  });
};

const pnpm = (root: string, tool: string, more = '') => `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      quiet-name: {specifier: '*', version: ${root}}
      tool-of-tests: {specifier: '*', version: 1.0.0}${more}
packages:
  quiet-name@1.0.0: {resolution: {integrity: ${digest('1')}}}
  quiet-name@2.0.0: {resolution: {integrity: ${digest('2')}}}
  tool-of-tests@1.0.0: {resolution: {integrity: ${digest('3')}}}
snapshots:
  quiet-name@1.0.0: {}
  quiet-name@2.0.0: {}
  tool-of-tests@1.0.0:
    dependencies: {quiet-name: ${tool}}
`;

const pnpm6 = (root: string, tool: string) => `lockfileVersion: '6.0'
dependencies:
  quiet-name: {specifier: '*', version: ${root}}
  tool-of-tests: {specifier: '*', version: 1.0.0}
packages:
  /quiet-name@1.0.0: {resolution: {integrity: ${digest('1')}}}
  /quiet-name@2.0.0: {resolution: {integrity: ${digest('2')}}}
  /tool-of-tests@1.0.0:
    resolution: {integrity: ${digest('3')}}
    dependencies: {quiet-name: ${tool}}
`;

const yarn = (one: string, two: string) => `# yarn lockfile v1


quiet-name@${one}:
  version "1.0.0"
  integrity ${digest('1')}

quiet-name@${two}:
  version "2.0.0"
  integrity ${digest('2')}
`;

const berry = (range: string) => `__metadata:
  version: 8

"quiet-name@npm:1.0.0":
  version: 1.0.0
  resolution: "quiet-name@npm:1.0.0"
  checksum: 10c0/${'ab'.repeat(64)}

"quiet-name@npm:^2.0.0":
  version: 2.0.0
  resolution: "quiet-name@npm:2.0.0"
  checksum: 10c0/${'cd'.repeat(64)}

"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
  dependencies:
    quiet-name: "npm:${range}"
`;

const uv = (older: string, newer: string) => `version = 1

[[package]]
name = "quiet-name"
version = "1.0.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "quiet-name"
version = "2.0.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "quiet-name", version = "${older}", marker = "python_full_version < '3.10'" },
    { name = "quiet-name", version = "${newer}", marker = "python_full_version >= '3.10'" },
]
`;

const places = (root: string, tool: string) =>
  npm({
    'node_modules/quiet-name': ['quiet-name', root],
    'node_modules/tool-of-tests': ['tool-of-tests', '1.0.0'],
    'node_modules/tool-of-tests/node_modules/quiet-name': ['quiet-name', tool],
  });

describe('who is given which version', () => {
  it.each([
    ['package-lock.json', places('2.0.0', '1.0.0'), places('1.0.0', '2.0.0')],
    ['package-lock.json', tree('2.0.0', '1.0.0'), tree('1.0.0', '2.0.0')],
    ['pnpm-lock.yaml', pnpm('2.0.0', '1.0.0'), pnpm('1.0.0', '2.0.0')],
    ['pnpm-lock.yaml', pnpm6('2.0.0', '1.0.0'), pnpm6('1.0.0', '2.0.0')],
    ['uv.lock', uv('1.0.0', '2.0.0'), uv('2.0.0', '1.0.0')],
    ['yarn.lock', yarn('^1.0.0', '"@*"').replace('"@*"', '*'), yarn('*', '^1.0.0')],
  ])('[SEC-017] is asked about when two are exchanged (%s)', async (name, before, after) => {
    const { packages } = await asked(name, before, after);
    expect(packages).toContain('quiet-name 2.0.0 -> 1.0.0');
    expect((await asked(name, before, before)).packages).toEqual([]);
  });

  it('[SEC-017] is asked about when only the project goes back to an old one', async () => {
    const back = ['quiet-name 2.0.0 -> 1.0.0'];
    expect((await asked('pnpm-lock.yaml', pnpm('2.0.0', '1.0.0'), pnpm('1.0.0', '1.0.0'))).packages).toEqual(
      back,
    );
    expect((await asked('yarn.lock', berry('^2.0.0'), berry('1.0.0'))).packages).toEqual(back);
  });

  it('[SEC-017] is asked about when the version of its own is taken away, so that it is given that of all', async () => {
    const own = places('1.0.0', '2.0.0');
    const shared = npm({
      'node_modules/quiet-name': ['quiet-name', '1.0.0'],
      'node_modules/tool-of-tests': ['tool-of-tests', '1.0.0'],
    });
    expect((await asked('package-lock.json', own, shared)).packages).toEqual(['quiet-name 2.0.0 -> 1.0.0']);
  });
});

describe('a name that begins to be another package, which is locked already', () => {
  const plain = {
    'node_modules/quiet-name': ['quiet-name', '1.0.0'],
    'node_modules/tool-of-tests': ['tool-of-tests', '1.0.0'],
  } as const;
  const other = { ...plain, 'node_modules/quiet-name': ['tool-of-tests', '1.0.0'] } as const;

  it('[SEC-017] is a finding where nobody has asked for that', async () => {
    const { packages, findings } = await asked('package-lock.json', npm({ ...plain }), npm({ ...other }));
    expect(packages).not.toEqual([]);
    expect(findings).toContain('high: tool-of-tests 1.0.0 is what is installed when quiet-name is asked for');
  });

  it('[SEC-017] is asked about where the manifest says so', async () => {
    const specs = { 'quiet-name': 'npm:tool-of-tests@1.0.0' };
    const { packages, findings } = await asked(
      'package-lock.json',
      npm({ ...plain }),
      npm({ ...other }, specs),
    );
    expect(packages).toEqual(['tool-of-tests quiet-name 1.0.0 -> 1.0.0']);
    expect(findings.filter((finding) => /is asked for/.test(finding))).toEqual([]);
    const added = "\n      new-name: {specifier: 'npm:tool-of-tests@1.0.0', version: tool-of-tests@1.0.0}";
    const two = await asked('pnpm-lock.yaml', pnpm('1.0.0', '1.0.0'), pnpm('1.0.0', '1.0.0', added));
    expect(two.packages).toEqual(['tool-of-tests 1.0.0 -> 1.0.0']);
  });
});

describe('commands of a package', () => {
  const withBin = (bin: unknown) =>
    npm({ 'node_modules/quiet-name': ['quiet-name', '1.0.0'] }).replace(
      '"version"',
      `"bin":${JSON.stringify(bin)},"version"`,
    );

  it('[SEC-017] are asked about when they alone are others', async () => {
    const { packages, findings } = await asked(
      'package-lock.json',
      withBin({ quiet: 'a.js' }),
      withBin({ quiet: 'b.js' }),
    );
    expect(packages).toEqual(['quiet-name 1.0.0 -> 1.0.0']);
    expect(findings.filter((finding) => /command/.test(finding))).toEqual([]);
  });

  it.each(['node', 'npx', 'git', 'sh', 'python3', 'NODE', 'npm.cmd'])(
    '[SEC-017] are a finding when they are called like another program (%s)',
    async (program) => {
      const { findings } = await asked('package-lock.json', withBin({}), withBin({ [program]: 'a.js' }));
      expect(findings).toContain(
        `high: quiet-name 1.0.0 brings a command that is called like another program (${program})`,
      );
    },
  );
});

describe('requirements', () => {
  const base = `quiet-name==1.0 --hash=sha256:${'ab'.repeat(32)}\n`;

  it.each([
    [
      '--require-hashes is gone',
      `--require-hashes\n${base}`,
      base,
      'high: requirements.txt says --require-hashes no more',
    ],
    ['--pre', base, `--pre\n${base}`, 'high: requirements.txt says --pre, and did not before'],
    [
      '--no-binary',
      base,
      `--no-binary=:all:\n${base}`,
      'high: requirements.txt says --no-binary :all:, and did not before',
    ],
    [
      '--only-binary is gone',
      `--only-binary :all:\n${base}`,
      base,
      'high: requirements.txt says --only-binary :all: no more',
    ],
    [
      'an index is gone',
      `-i https://packages.example/simple\n${base}`,
      base,
      'medium: requirements.txt no longer takes its packages from another index than that of PyPI (https://packages.example/simple)',
    ],
    [
      'constraints are gone',
      `-c limits\n${base}`,
      base,
      'medium: requirements.txt no longer takes in another file (limits)',
    ],
    [
      'settings of one package',
      base,
      base.replace('\n', ' --config-settings=a=b\n'),
      'medium: requirements.txt asks for quiet-name with --config-settings a=b, and before with nothing more',
    ],
    [
      'extras',
      base,
      base.replace('name', 'name[b, a]'),
      'medium: requirements.txt asks for quiet-name with [a,b], and before with nothing more',
    ],
    [
      'a marker',
      base.replace(' ', ' ; os_name == "nt" '),
      base,
      'medium: requirements.txt asks for quiet-name with nothing more, and before with ; os_name == "nt"',
    ],
    [
      'a range',
      'quiet-name<2\n',
      'Quiet_Name>=2\n',
      'medium: requirements.txt asks for quiet-name with >=2, and before with <2',
    ],
  ])('[SEC-017] are asked about when they say something else: %s', async (_, before, after, finding) => {
    expect((await asked('requirements.txt', before, after)).findings).toContain(finding);
  });

  it('[SEC-017] say nothing else when a version is new, or a package', async () => {
    const marked = base.replace(' ', ' ; os_name == "nt" ');
    const next = marked.replace('1.0', '1.1').concat(marked.replace('quiet-name', 'new-name'));
    const { findings } = await asked('requirements.txt', marked, next);
    expect(findings.filter((finding) => /asks for|says/.test(finding))).toEqual([]);
  });
});
