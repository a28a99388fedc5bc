import { describe, expect, it } from 'vitest';
import { doctestFileIn, isDoctestInCode } from './doctest-id.ts';

describe('a test in the documentation of code, which a repair may have to change', () => {
  it.each([
    'calc.py::calc',
    'calc.py::calc.add',
    'pkg/sub/m.py::pkg.sub.m.K.g',
    'pkg/sub/m.py::sub.m.K.g',
    'pkg/sub/m.py::m.f',
    'pkg/__init__.py::pkg',
    'pkg/__init__.py::pkg.load',
    'src/pkg/__init__.py::pkg.load',
    'my.pyproject/m.py::m.f',
  ])('is %s', (test) => {
    expect(isDoctestInCode(test)).toBe(true);
  });

  it.each([
    ['a file of tests', 'tests/test_calc.py::test_add'],
    ['a test whose name begins as its module', 'calc.py::calculates'],
    ['a name within a path', 'pkg/sub/m.py::pkg.sub'],
    ['a name of another module', 'pkg/sub/m.py::pkg.m'],
    ['a test of a class', 'calc.py::calc::add'],
    ['the file alone', 'calc.py'],
    ['a text file', 'calc.rst::calc.rst'],
    ['another language', 'calc.ts::calc.add'],
    ['a file whose suffix only begins alike', 'calc.pyx::calc.add'],
    ['a package without a name', '__init__.py::'],
    ['a file without a name', '.py::'],
    ['a name within a file without one', '.py::.add'],
    ['a package itself, by its file', 'pkg/__init__.py::__init__.load'],
    ['nothing', ''],
  ])('is not %s', (_what, test) => {
    expect(isDoctestInCode(test)).toBe(false);
  });
});

describe('the directory of a text file with doctests', () => {
  it.each([
    ['docs.v1.2.usage.rst', 'usage.rst', 'docs.v1.2'],
    ['usage.rst', 'usage.rst', ''],
    ['docs.intro.MD', 'intro.MD', 'docs'],
    ['docs.notes.txt', 'notes.txt', 'docs'],
    ['docs.guide.adoc', 'guide.adoc', 'docs'],
    ['docs.paper.tex', 'paper.tex', 'docs'],
    ['docs.usage.rst', 'other.rst', null],
    ['docsusage.rst', 'usage.rst', null],
    ['docs.usage.py', 'usage.py', null],
    ['docs.usage.rst.old', 'usage.rst.old', null],
    ['.rst', '.rst', null],
    ['docs.a/usage.rst', 'a/usage.rst', null],
    ['tests.test_x', 'test_a', null],
  ])('of the class %j and the test %j is %j', (classname, name, folder) => {
    expect(doctestFileIn({ classname, name })).toBe(folder);
  });
});
