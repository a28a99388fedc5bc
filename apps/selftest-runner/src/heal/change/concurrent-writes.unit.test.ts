import { describe, expect, it } from 'vitest';
import { createProtection } from './protected-paths.ts';
import type { Entry, Tree } from './tree.ts';
import { findConcurrentWrite } from './concurrent-writes.ts';

const protection = createProtection({
  globs: [],
  prefix: '',
  files: [{ path: 'test_calc.py', why: 'a test' }],
});
const file = (digest: string, written: string | null): Entry => ({
  type: 'file',
  mode: 0o644,
  size: 1,
  digest,
  kept: true,
  ...(written === null ? {} : { written }),
});
const first: Tree = {
  'calc.py': file('a', '1'),
  'other.py': file('a', '1'),
  'test_calc.py': file('a', '1'),
  'data.json': file('a', '1'),
  'dist/calc.js': file('a', null),
};
const find = (later: Tree, files: string[] = ['calc.py'], inGit = true) =>
  findConcurrentWrite(first, { ...first, ...later }, files, { protection, inGit });

describe('what was written while the tests ran', () => {
  it.each<[what: string, later: Tree, found: string | null]>([
    ['nothing', {}, null],
    ['a repair that changes once more', { 'calc.py': file('b', '2') }, 'calc.py'],
    ['a repair that was another in between', { 'calc.py': file('a', '2') }, 'calc.py'],
    ['a test that was another in between', { 'test_calc.py': file('a', '2') }, 'test_calc.py'],
    ['other code that was another in between', { 'other.py': file('a', '2') }, 'other.py'],
    ['new code', { 'new.py': file('b', '2') }, 'new.py'],
    ['data, by the tests themselves', { 'data.json': file('b', '2') }, null],
    ['new data', { 'log.txt': file('b', '2') }, null],
    ['what a build makes anew', { 'dist/calc.js': file('b', null) }, null],
  ])('%s', (_, later, found) => expect(find(later)).toBe(found));

  it('also data, where nothing else had changed that the tests could have passed by', () => {
    expect(find({ 'data.json': file('b', '2') }, [])).toBe('data.json');
    expect(find({ 'calc.py': file('b', '2') }, [])).toBe('calc.py');
  });

  it('without git, where a build writes its files again, programs only when they are others', () => {
    expect(find({ 'other.py': file('a', '2') }, ['calc.py'], false)).toBeNull();
    expect(find({ 'other.py': file('b', '2') }, ['calc.py'], false)).toBe('other.py');
    expect(find({ 'calc.py': file('a', '2') }, ['calc.py'], false)).toBe('calc.py');
  });

  it('also what is gone, and whatever is protected', () => {
    const { 'other.py': _gone, ...left } = first;
    const given = { protection, inGit: true };
    expect(findConcurrentWrite(first, left, ['calc.py'], given)).toBe('other.py');
    expect(findConcurrentWrite(left, first, ['calc.py'], given)).toBe('other.py');
    expect(find({ 'tests/data.json': file('b', null) })).toBe('tests/data.json');
  });

  it.each<[what: string, path: string, entry: Entry]>([
    ['a link', 'calc.py', { ...file('b', '2'), type: 'link' }],
    ['a folder', 'other.py', { ...file('b', '2'), type: 'directory' }],
    ['what git ignores', 'calc.py', { ...file('b', '2'), kept: false }],
  ])('not %s, which is looked at elsewhere', (_what, path, entry) => {
    expect(find({ [path]: entry })).toBeNull();
  });

  it('not data that is the same or new, nor what a build makes, where nothing else had changed', () => {
    expect(find({ 'data.json': file('a', '2') }, [])).toBeNull();
    expect(find({ 'log.txt': file('b', '2') }, [])).toBeNull();
    expect(find({ 'dist/calc.js': file('b', null) }, [])).toBeNull();
  });
});
