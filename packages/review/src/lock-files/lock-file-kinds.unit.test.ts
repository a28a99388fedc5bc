import { describe, expect, it } from 'vitest';
import { ecosystemOf, isLockFile } from './lock-file-kinds.ts';
import { readLockFile } from './read-lock-file.ts';

describe('[SEC-017] lock files by their names', () => {
  it.each([
    'requirements/production.txt',
    'deploy/requirements/base.txt',
    'requirements/linux/base.txt',
    'dev-requirements/all.txt',
    'dev_requirements_2.txt',
    'requirements.lock',
    'requirements-dev.lock',
  ])('%s has requirements', (path) => {
    expect([isLockFile(path), ecosystemOf(path)]).toEqual([true, 'pip']);
    expect(readLockFile(path, 'a==1.0\n')).toMatchObject({
      format: 'requirements',
      packages: [{ name: 'a' }],
    });
  });

  it('pnpm-lock.feature.yaml is one of pnpm', () => {
    expect(ecosystemOf('pnpm-lock.feature.yaml')).toBe('npm');
    const text = 'lockfileVersion: 6.0\npackages:\n  /a@1.0.0: {resolution: {integrity: sha512-a}}\n';
    expect(readLockFile('pnpm-lock.feature.yaml', text)).toMatchObject({
      format: 'pnpm',
      packages: [{ name: 'a' }],
    });
  });

  it('tool.py.lock is one of a script, which is no package', () => {
    const text = (needs: string) => `version = 1
requires-python = ">=3.12"
[manifest]
requirements = [{ name = "${needs}" }]
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
`;
    expect(readLockFile('tool.py.lock', text('a'))).toMatchObject({ packages: [{ name: 'a' }], unread: [] });
    expect(readLockFile('tool.py.lock', text('b')).unread).toHaveLength(1);
    expect(readLockFile('uv.lock', text('a')).unread).toHaveLength(1);
  });

  it.each([
    ...['bun.lock', 'deno.lock', 'vlt-lock.json', 'shrinkwrap.yaml'].map((name) => [name, 'npm']),
    ...['pylock.toml', 'pylock.dev.toml', 'Pipfile.lock', 'pixi.lock', 'conda-lock.yml'].map((name) => [
      name,
      'pip',
    ]),
    ...['Cargo.lock', 'Gemfile.lock', 'composer.lock', 'go.sum', 'app/go.sum'].map((name) => [
      name,
      undefined,
    ]),
  ])('%s is said not to be read (%s)', (path, ecosystem) => {
    expect([isLockFile(path ?? ''), ecosystemOf(path ?? '')]).toEqual([true, ecosystem]);
    expect(() => readLockFile(path ?? '', 'a==1.0\n')).toThrow(
      'is a lock file of a kind that is not read here',
    );
  });

  it.each(['notes.txt', 'lock', 'Cargo.toml', 'requirements/base.in', 'src/lock.json', 'a.lock'])(
    '%s is none',
    (path) => expect(isLockFile(path)).toBe(false),
  );
});
