import { describe, expect, it } from 'vitest';
import { globMatcher, globProblem } from './glob.ts';

const twenty = '*/'.repeat(20);

describe('a protected glob', () => {
  it.each([
    ['docs/**', ['docs/a', 'docs/a/b', 'docs/a\nb'], ['doc/a', 'src/docs/a']],
    ['docs', ['docs', 'docs/a', 'docs/a\nb', 'src/docs/a', 'a\nb/docs'], ['docs2', 'mydocs/a']],
    ['docs/', ['docs', 'docs/a', 'src/docs/a'], ['docs2/a']],
    ['src/docs/', ['src/docs/a'], ['lib/src/docs/a']],
    ['**/*.sql', ['a.sql', 'a/b/c.SQL'], ['a.sqlx']],
    ['src', ['src', 'src/a', 'lib/src/a'], ['srcs/a', 'asrc']],
    ['src/*.py', ['src/a.py', 'src/.py', 'src/a.py/b'], ['src/a/b.py', 'src/apy']],
    ['src/{a,b}.py', ['src/a.py', 'src/b.py'], ['src/c.py', 'x/src/a.py', 'src/a,b.py']],
    ['{a,b}/{c,d}', ['a/c', 'b/d'], ['a/b', 'c/d']],
    ['{,.}env', ['env', '.env'], ['xenv']],
    ['a,b', ['a,b'], ['a', 'b']],
    ['a/**/b', ['a/b', 'a/x/y/b', 'a/b/c'], ['ab', 'a/xb', 'x/a/b']],
    ['f[0-9].txt', ['f1.txt', 'x/f9.txt'], ['fa.txt', 'f-.txt', 'f0-9.txt', 'f.txt']],
    ['f[!0-9].txt', ['fa.txt', 'f!.txt'], ['f1.txt']],
    ['f[a_.-]', ['fa', 'f_', 'f.', 'f-'], ['fb', 'f']],
    ['[ab][cd]', ['ac', 'bd'], ['ab', 'cd']],
    ['?.py', ['a.py', '😀.py'], ['ab.py', '.py']],
    ['a/?/b', ['a/x/b'], ['a//b']],
    ['.hidden/**', ['.hidden/.x'], ['hidden/x']],
    ['a.b', ['a.b'], ['axb']],
    ['a+$^|(b).c', ['a+$^|(b).c'], ['aa+$^|(b).c', 'a+$^|bxc']],
    ['a!', ['a!'], ['a']],
    [`${twenty}a`, [`${'x/'.repeat(20)}a`], [`${'x/'.repeat(19)}a`]],
  ])('%s covers what it says, in any case, and all below', (glob, meant, others) => {
    expect(globProblem(glob)).toBe(null);
    const matches = globMatcher(glob);
    expect(meant.filter((path) => !matches(path))).toEqual([]);
    expect(others.filter((path) => matches(path))).toEqual([]);
  });

  const backwards = 'has a range that runs backwards';
  const bracket = 'has a "[" that is not closed, or holds more than letters, digits and ranges';
  const control = 'must not contain control characters';
  const dots = 'must not contain "." or ".."';
  const patterns = 'must not use "(...)" patterns, which are not known';
  const relative = 'must be relative to the repository';
  const space = 'must not begin or end with a space';
  it.each([
    ['', space],
    [' a', space],
    ['a ', space],
    ['a\nb', control],
    ['a\u007fb', control],
    ['!a', 'must not begin with "!": nothing can be taken out of protection'],
    ['/etc/x', relative],
    ['C:/x', relative],
    ['c:x', relative],
    ['a\\b', 'must not contain a backslash'],
    ['../x', dots],
    ['a/../b', dots],
    ['./a', dots],
    ['a/.', dots],
    ['a//b', 'must not contain an empty name'],
    ['@(a)', patterns],
    ['x+(a)', patterns],
    ['x!(a)', patterns],
    ['a**', 'must have "**" as a whole name'],
    ['b/**a/c', 'must have "**" as a whole name'],
    [`${twenty}*`, 'must have at most 20 "*"'],
    ['a[', bracket],
    ['a[]', bracket],
    ['[]a]', bracket],
    ['[!]', bracket],
    ['[a/b]', bracket],
    ['[a&b]', bracket],
    ['[a!b]', bracket],
    ['[ab', bracket],
    ['a]', 'has a "]" without "["'],
    ['a{b', 'has a "{" that is not closed'],
    ['a}', 'has a "}" without "{"'],
    ['a}{b', 'has a "}" without "{"'],
    ['{a,{b,c}}', 'must not have "{" within "{"'],
    ['[z-a]', backwards],
  ])('that protects nothing is named, with the reason: %j', (glob, why) => {
    expect(globProblem(glob)).toBe(`${JSON.stringify(glob)} ${why}`);
  });

  it('that is long is named by its beginning', () => {
    expect(globProblem(`${'a'.repeat(80)}b//c`)).toBe(`"${'a'.repeat(80)}" must not contain an empty name`);
  });

  it.each(['a', 'ab:c', 'a b', 'a.', '..a', 'a..b', '(a)', 'a/b/c'])('%j is one', (glob) => {
    expect(globProblem(glob)).toBe(null);
  });
});
