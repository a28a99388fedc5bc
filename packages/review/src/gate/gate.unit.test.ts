import { describe, expect, it } from 'vitest';
import { readLockFile } from '../lock-files/read-lock-file.ts';
import { ReviewRules } from '../projects/projects-config.ts';
import { attacks, textsOf } from '@actp/testing/lock-files/attacks';
import { compareLockFiles } from './compare-lock-files.ts';
import { gateDetails, type GateAction } from './gate-details.ts';
import { lookAtChange } from './look-at-change.ts';
import { npmLock, type Locked } from '@actp/testing/lock-files/npm-lock';

const now = new Date('2026-04-01T12:00:00Z');

async function ask(before: string | undefined, after: string, name = 'package-lock.json') {
  const old = before === undefined ? undefined : readLockFile(name, before);
  const current = readLockFile(name, after);
  const lookedAt = await lookAtChange(old, current, compareLockFiles(old, current), {
    project: { name: 'shop', path: '.', ecosystems: ['npm', 'pip'] },
    rules: ReviewRules.parse({}),
    root: '/nowhere',
    osvData: undefined,
    env: {},
    now,
    signal: new AbortController().signal,
    registry: undefined,
  });
  const files = {
    project: 'shop',
    path: name,
    beforeSha256: 'b'.repeat(64),
    afterSha256: 'a'.repeat(64),
    base: { from: 'HEAD', name: undefined, commit: 'c'.repeat(40) },
  } as const;
  return (action: GateAction) => gateDetails(action, files, lookedAt, now);
}

const askAbout = (before: Record<string, Locked>, after: Record<string, Locked>) =>
  ask(npmLock(before), npmLock(after));

describe('an attack, by lock files alone', () => {
  it.each(attacks.map((attack) => [attack.name, attack] as const))(
    '[SEC-017] is found: %s',
    async (_, attack) => {
      const { before, after } = textsOf(attack);
      const details = await ask(before, after);
      const asked = [details('dependency.add'), details('dependency.update')].filter(
        (one) => one !== undefined,
      );
      // Grave, or something that is new and runs a script.
      expect(
        asked.some(
          ({ severity, scripts }) => severity === 'high' || severity === 'critical' || scripts === 1,
        ),
      ).toBe(true);
    },
  );

  it('[SEC-017] names each package of a worm, what it was before, and that it runs a script now', async () => {
    const [worm] = attacks;
    if (worm === undefined) throw new Error('there is no such attack');
    const { before, after } = textsOf(worm);
    const update = (await ask(before, after))('dependency.update');
    expect(update).toMatchObject({ count: 3, severity: 'high', scripts: 3 });
    expect(update?.packages).toContainEqual({
      name: '@ctrl/tinycolor',
      from: '4.1.0',
      version: '4.1.1',
      script: true,
    });
    expect(update?.findings).toContain(
      'high: @ctrl/tinycolor 4.1.1 runs a script when it is installed; the version before did not',
    );
  });
});

describe('what is asked', () => {
  const one: Record<string, Locked> = { 'ordinary-name': { version: '1.0.0' } };

  it('is nothing when nothing is new or changed', async () => {
    const details = await askAbout({ ...one, other: { version: '1.0.0' } }, one);
    expect([details('dependency.add'), details('dependency.update')]).toEqual([undefined, undefined]);
  });

  it('tells what is new from what is another version', async () => {
    const details = await askAbout(one, {
      'ordinary-name': { version: '1.0.1' },
      'another-name': { version: '2.0.0' },
    });
    expect(details('dependency.add')?.packages).toEqual([
      { name: 'another-name', version: '2.0.0', script: false },
    ]);
    expect(details('dependency.update')?.packages).toEqual([
      { name: 'ordinary-name', from: '1.0.0', version: '1.0.1', script: false },
    ]);
  });

  it('is about other content under the same version as well, which is critical', async () => {
    const details = await askAbout(one, {
      'ordinary-name': { version: '1.0.0', integrity: `sha512-${Buffer.alloc(64, 7).toString('base64')}` },
    });
    expect(details('dependency.update')).toMatchObject({ count: 1, severity: 'critical' });
  });

  it('is about a script that the same version has now', async () => {
    const details = await askAbout(one, { 'ordinary-name': { version: '1.0.0', script: true } });
    expect(details('dependency.update')).toMatchObject({ count: 1, scripts: 1 });
  });

  it.each([
    ['another registry', 'https://packages.example.com/ordinary-name/-/ordinary-name-1.0.0.tgz'],
    ['an archive somewhere', 'https://example.com/ordinary-name.tgz'],
    ['a git repository', `git+https://example.com/a/ordinary-name.git#${'c'.repeat(40)}`],
    ['a folder', 'file:../elsewhere'],
  ])('is about %s in the place of the registry, which is grave', async (_, resolved) => {
    const details = await askAbout(one, { 'ordinary-name': { version: '1.0.0', resolved } });
    expect(details('dependency.update')).toMatchObject({ count: 1, severity: 'high' });
    expect(details('dependency.update')?.findings.join('\n')).toContain(', and was from registry.npmjs.org');
  });

  it('is about an archive at another address', async () => {
    const at = (name: string) => ({
      'ordinary-name': { version: '1.0.0', resolved: `https://example.com/${name}.tgz` },
    });
    const details = await askAbout(at('one'), at('two'));
    expect(details('dependency.update')).toMatchObject({ count: 1, severity: 'high' });
  });

  it('takes the two names of the registry of npm for one', async () => {
    const resolved = 'https://registry.yarnpkg.com/ordinary-name/-/ordinary-name-1.0.0.tgz';
    const details = await askAbout(one, { 'ordinary-name': { version: '1.0.0', resolved } });
    expect(details('dependency.update')).toMatchObject({ severity: 'none' });
  });

  it('is not grave because of a place when a version comes from where the one before came from', async () => {
    const details = await askAbout(one, { 'ordinary-name': { version: '1.1.0' } });
    expect(details('dependency.update')).toMatchObject({ severity: 'none', finding_count: 0 });
  });

  it('says nothing about packages that have not changed', async () => {
    const squat: Record<string, Locked> = { axois: { version: '0.0.1', script: true } };
    const details = await askAbout(squat, { ...squat, ...one });
    expect(details('dependency.add')).toMatchObject({ count: 1, severity: 'none', finding_count: 0 });
  });

  it('has no age and no number of scripts where these are not known of all, and says so', async () => {
    const pnpm = (version: string) =>
      [
        "lockfileVersion: '9.0'",
        'importers: { .: { dependencies: {} } }',
        'packages:',
        `  quiet-name@${version}: { resolution: { integrity: sha512-${Buffer.alloc(64).toString('base64')} } }`,
        'snapshots:',
        `  quiet-name@${version}: {}`,
      ].join('\n');
    const update = (await ask(pnpm('1.0.0'), pnpm('1.0.1'), 'pnpm-lock.yaml'))('dependency.update');
    expect(update).toMatchObject({ count: 1 });
    expect(update).not.toHaveProperty('scripts');
    expect(update).not.toHaveProperty('youngest_days');
    expect(update?.unavailable.join('\n')).toMatch(/age: when 1 packages were published is not known/);
  });

  it('counts all and lists few, those first that something was found about', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, at) => [`quiet-package-number-${at}`, { version: '1.0.0' }]),
    );
    const details = await askAbout(
      {},
      { ...many, zz: { version: '1.0.0' }, axois: { version: '0.0.1', script: true } },
    );
    const add = details('dependency.add');
    expect(add).toMatchObject({ count: 3_002, severity: 'high', scripts: 1 });
    expect(add?.packages).toHaveLength(40);
    expect(add?.packages[0]).toMatchObject({ name: 'axois' });
    expect(add?.not_listed).toBe(2_962);
    expect(JSON.stringify(add).length).toBeLessThan(64 * 1024);
  });

  it('is everything where there was no lock file before', async () => {
    const details = await ask(undefined, npmLock(one));
    expect(details('dependency.add')).toMatchObject({ count: 1 });
  });

  it('shows hostile names as what they are, without secrets, and not in full length', async () => {
    const token = `ghp_${'A1b2'.repeat(9)}`;
    const details = await askAbout(one, {
      ...one,
      'evil\u001B[2J\u202Ename': { version: '1.0.0' },
      [`leak-${token}`]: { version: '1.0.0' },
      ['long'.repeat(1_024)]: { version: '9'.repeat(4_096) },
    });
    const text = JSON.stringify(details('dependency.add'));
    expect(text).not.toContain(token);
    // oxlint-disable-next-line no-control-regex -- a control character is what must not be there
    expect(text).not.toMatch(/\u001B|\u202E|\\u001b/);
    expect(text).toContain('⟦U+202E⟧');
    expect(text.length).toBeLessThan(8_000);
  });
});

describe('[SEC-017] a change of the file as a whole', () => {
  const requirements = (before: string, after: string) => ask(before, after, 'requirements.txt');
  const one = `a==1.0 --hash=sha256:${'a'.repeat(64)}\n`;

  it.each([
    ['another index', '-i https://evil.example/simple\n', 'high'],
    ['a second index', '--extra-index-url https://evil.example/simple\n', 'high'],
    ['a folder', '--find-links ./wheels\n', 'high'],
    ['a host', '--trusted-host pypi.org\n', 'high'],
    ['another file', '-r more.txt\n', 'medium'],
  ])('%s is asked about, also when no package is another', async (_, line, severity) => {
    const details = await requirements(one, line + one);
    expect(details('dependency.add')).toBeUndefined();
    const update = details('dependency.update');
    expect(update).toMatchObject({ count: 0, severity, finding_count: 1, base_from: 'HEAD' });
    expect(update).not.toHaveProperty('youngest_days');
  });

  it('is not asked about twice, nor when it was so before', async () => {
    const line = '--extra-index-url https://own.example/simple\n';
    const both = await requirements(one, `${line}${one}b==1.0\n`);
    expect(both('dependency.update')).toBeUndefined();
    expect(both('dependency.add')).toMatchObject({ count: 1, severity: 'high' });
    const kept = await requirements(line + one, line + one);
    expect(kept('dependency.update')).toBeUndefined();
  });

  it('is asked about where something is not understood, and nothing counts as known then', async () => {
    const update = (await requirements(one, `${one}what is this?\n`))('dependency.update');
    expect(update).toMatchObject({ count: 0, severity: 'none' });
    expect(update).not.toHaveProperty('scripts');
    expect(update?.unavailable).toEqual(['requirements.txt has 1 lines that pip would not understand']);
  });
});

describe('[SEC-017] a folder of the project in the place of a package', () => {
  const lock = (entries: object) =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: { '': { workspaces: ['packages/*'] }, 'packages/a': { version: '1.0.0' }, ...entries },
    });
  const registry = lock({
    'node_modules/a': {
      version: '1.0.0',
      resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
      integrity: 'sha512-a',
    },
  });
  const linked = (resolved: string) => lock({ 'node_modules/a': { resolved, link: true } });

  it.each(['packages/a', 'vendor/a', '../a'])('is grave: %s', async (resolved) => {
    const update = (await ask(registry, linked(resolved)))('dependency.update');
    expect(update).toMatchObject({ count: 1, severity: 'high' });
    expect(update?.findings.join()).toContain('and was from registry.npmjs.org');
  });

  it('is new where nothing was, unless it is a workspace', async () => {
    expect((await ask(lock({}), linked('vendor/a')))('dependency.add')).toMatchObject({
      count: 1,
      severity: 'low',
    });
    expect((await ask(lock({}), linked('packages/a')))('dependency.add')).toBeUndefined();
    expect((await ask(linked('packages/a'), linked('packages/a')))('dependency.update')).toBeUndefined();
  });

  it('a file of a release at another host is grave', async () => {
    const uv = (host: string) =>
      `version = 1\n[[package]]\nname = "p"\nsource = { virtual = "." }\n[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "https://pypi.org/simple" }\nwheels = [{ url = "https://${host}/a-1.0-py3-none-any.whl", hash = "sha256:aa" }]\n`;
    const update = (await ask(uv('files.pythonhosted.org'), uv('evil.example'), 'uv.lock'))(
      'dependency.update',
    );
    expect(update).toMatchObject({ count: 1, severity: 'high' });
  });
});
