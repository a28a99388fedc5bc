import { describe, expect, it } from 'vitest';
import { findViolations } from './find-violations.ts';
import { createProtection } from './protected-paths.ts';
import type { Change, Entry } from './tree.ts';

const protection = createProtection({ globs: ['docs/**'], files: [], prefix: '' });
const entry = (more: Partial<Entry> = {}): Entry => ({
  type: 'file',
  mode: 0o644,
  size: 1,
  digest: 'd',
  kept: true,
  ...more,
});
const file = entry();
const ignored = entry({ kept: false });
const link = entry({ type: 'link' });
const pipe = entry({ type: 'other' });
const folder = entry({ type: 'directory' });

const change = (path: string, before: Change['before'], after: Change['after']): Change => ({
  path,
  kind: before === null ? 'added' : after === null ? 'removed' : 'changed',
  before,
  after,
});
const why = (...words: Parameters<typeof change>) =>
  findViolations([change(...words)], protection)[0]?.why ?? null;

describe('[SEC-008] a change that no heal may make', () => {
  it.each<[what: string, path: string, before: Change['before'], after: Change['after'], why: string | null]>(
    [
      ['code that is changed', 'calc.py', file, entry({ digest: 'e' }), null],
      ['code that is new', 'new.py', null, file, null],
      ['code that is gone', 'calc.py', file, null, null],
      ['a test', 'test_calc.py', file, file, 'a test'],
      ['a test that is new', 'test_calc.py', null, file, 'a test'],
      ['a test that is gone', 'test_calc.py', file, null, 'a test'],
      ['a lock file', 'yarn.lock', file, file, 'a lock file'],
      ['what the configuration protects', 'docs/a.md', file, file, 'protected by "docs/**"'],
      ['the same where git ignores it', 'docs/a.md', ignored, ignored, 'protected by "docs/**"'],
      ['a link in the place of code', 'calc.py', file, link, 'a symbolic link'],
      ['a link that is new', 'a', null, link, 'a symbolic link'],
      ['code in the place of a link', 'a', link, file, 'a symbolic link'],
      ['a link that is gone', 'a', link, null, 'a symbolic link'],
      ['a pipe', 'a', null, pipe, 'not a regular file'],
      ['a folder in the place of code', 'calc.py', file, folder, 'replaced by another type of file'],
      ['code in the place of a folder', 'calc', folder, file, 'replaced by another type of file'],
      ['what runs as its owner', 'calc.py', file, entry({ mode: 0o4755 }), 'special permissions'],
      ['what runs as its group', 'calc.py', null, entry({ mode: 0o2755 }), 'special permissions'],
      ['what keeps its place in memory', 'calc.py', file, entry({ mode: 0o1755 }), 'special permissions'],
      ['what can be run', 'calc.py', file, entry({ mode: 0o755 }), null],
      ['a file that git ignores', 'build/out.txt', ignored, null, null],
      ['a link that git ignores', 'build/out', null, entry({ type: 'link', kept: false }), null],
      ['what was ignored and is source now', 'a', ignored, link, 'a symbolic link'],
    ],
  )('%s', (_what, path, before, after, expected) => {
    expect(why(path, before, after)).toBe(expected);
  });

  // What programs write is full of names; only what could change how tests run counts where git ignores it.
  it.each([
    ['node_modules/a.js', 'an installed package'],
    ['build/conftest.py', null],
    ['build/pytest.ini', 'how tests are run'],
    ['.git/hooks/a', 'git'],
    ['.env', 'a secret'],
    ['build/calc.so', 'compiled code'],
    ['build/yarn.lock', null],
    ['build/audit.txt', null],
  ])('where git ignores it: %s', (path, expected) => {
    expect(why(path, ignored, entry({ kept: false, digest: 'e' }))).toBe(expected);
  });

  it('is none in a cache, which is removed before anything is judged, unless something else becomes one', () => {
    const cached = entry({ kept: false, cache: true });
    expect(why('.pytest_cache/conftest.py', null, cached)).toBe(null);
    for (const [before, after] of [
      [null, cached],
      [cached, null],
      [cached, cached],
    ] as const) {
      expect(why('.pytest_cache/a.pyc', before, after)).toBe(null);
    }
    expect(why('.pytest_cache/a.pyc', null, ignored)).toBe('compiled code');
    expect(why('.pytest_cache/a.pyc', cached, ignored)).toBe('compiled code');
    expect(why('a/test_a.py', cached, cached)).toBe(null);
    expect(why('a/test_a.py', file, cached)).toBe('a test');
    expect(why('a/test_a.py', cached, file)).toBe('a test');
  });

  it('is named with its path, each of them', () => {
    const changes = ['calc.py', 'test_a.py', 'yarn.lock'].map((path) => change(path, file, file));
    expect(findViolations(changes, protection)).toEqual([
      { path: 'test_a.py', why: 'a test' },
      { path: 'yarn.lock', why: 'a lock file' },
    ]);
  });
});
