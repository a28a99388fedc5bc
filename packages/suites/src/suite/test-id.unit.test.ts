import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testIdOf } from './test-id.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'test-id-'));
  const files = ['tests/test_x.py', 'tests/sub.dir/test_in.py', 'calc.py', 'src/a.test.ts', '-x.test.ts'];
  files.push('pkg/__init__.py', 'pkg/sub/m.py', 'docs/v1.2/usage.rst', 'intro.md', 'my.pyproject/test_z.py');
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

const id = (classname: string, name: string, { file = '', cwd = root } = {}) =>
  testIdOf({ classname, name, file }, cwd);
const same = (test: string) => ({ test, argument: test });

describe('the name of a failed test', () => {
  it('of pytest is the node id that pytest takes', () => {
    expect(id('tests.test_x', 'test_a')).toEqual(same('tests/test_x.py::test_a'));
    expect(id('tests.test_x.TestC.TestInner', 'test_p[a::b x/y]')).toEqual(
      same('tests/test_x.py::TestC::TestInner::test_p[a::b x/y]'),
    );
  });

  it('of pytest is found when directories have dots, or the root lies above', () => {
    expect(id('tests.sub.dir.test_in.TestZ', 'test_q')).toEqual(
      same('tests/sub.dir/test_in.py::TestZ::test_q'),
    );
    const cwd = join(root, 'tests');
    expect(id('tests.test_x.TestC', 'test_y', { cwd })).toEqual(same('test_x.py::TestC::test_y'));
  });

  it('of pytest uses the file where the report names it', () => {
    const file = 'tests/test_x.py';
    expect(id('tests.test_x.TestC', 'test_y', { file })).toEqual(same('tests/test_x.py::TestC::test_y'));
  });

  it.each([
    ['suite', 'tests/test_x.py', 'tests/test_x.py::test_y'],
    ['a.long.name.of.a.class', 'tests/test_x.py', 'tests/test_x.py::test_y'],
    ['my.pyproject.test_z.TestC', 'my.pyproject/test_z.py', 'my.pyproject/test_z.py::TestC::test_y'],
  ])('of pytest in the class %s is in the file that the report names', (classname, file, test) => {
    expect(id(classname, 'test_y', { file })).toEqual(same(test));
  });

  it('of pytest is class and name where the file of the report is not there', () => {
    expect(id('shop', 'test_y', { file: 'gone.py' })).toEqual({ test: 'shop.test_y', argument: 'test_y' });
  });

  it('of a module that pytest could not import is the module', () => {
    expect(id('', 'tests.test_x')).toEqual(same('tests/test_x.py'));
    expect(id('', 'tests.test_x', { file: 'tests/test_x.py' })).toEqual(same('tests/test_x.py'));
  });

  it('of a doctest is the module and the dotted name, however the module was imported', () => {
    expect(id('calc', 'calc.add')).toEqual(same('calc.py::calc.add'));
    expect(id('calc', 'calc')).toEqual(same('calc.py::calc'));
    expect(id('pkg.__init__', 'pkg')).toEqual(same('pkg/__init__.py::pkg'));
    expect(id('pkg.__init__', 'pkg.load')).toEqual(same('pkg/__init__.py::pkg.load'));
    expect(id('pkg.sub.m', 'pkg.sub.m.K.g')).toEqual(same('pkg/sub/m.py::pkg.sub.m.K.g'));
    expect(id('pkg.sub.m', 'm.f')).toEqual(same('pkg/sub/m.py::m.f'));
    expect(id('tests.test_x', 'tests.test_x.helper')).toEqual(same('tests/test_x.py::tests.test_x.helper'));
    expect(id('calc', 'calc.add', { file: 'calc.py' })).toEqual(same('calc.py::calc.add'));
  });

  it('of a doctest in a text file is that file and its name', () => {
    expect(id('docs.v1.2.usage.rst', 'usage.rst')).toEqual(same('docs/v1.2/usage.rst::usage.rst'));
    expect(id('intro.md', 'intro.md')).toEqual(same('intro.md::intro.md'));
    expect(id('gone.md', 'gone.md').argument).toBe('gone.md');
  });

  it('of a module that has the name of a class elsewhere is no doctest', () => {
    expect(id('calc', 'calculates')).toEqual({ test: 'calc.calculates', argument: 'calculates' });
    expect(id('calc.Till', 'calc.add')).toEqual({ test: 'calc.Till.calc.add', argument: 'calc.add' });
  });

  it('of vitest is file and title; the file is what vitest takes once per test', () => {
    expect(id('src/a.test.ts', 'outer > adds')).toEqual({
      test: 'src/a.test.ts > outer > adds',
      argument: 'src/a.test.ts',
    });
    expect(id('src/a.test.ts', 'src/a.test.ts')).toEqual(same('src/a.test.ts'));
    expect(id('vitest unhandled errors', 'late')).toEqual({
      test: 'vitest unhandled errors.late',
      argument: null,
    });
  });

  it('of a runner that names the file elsewhere is found too', () => {
    const file = join(root, 'src/a.test.ts');
    expect(id('suite', 'adds', { file })).toEqual({
      test: 'src/a.test.ts > adds',
      argument: 'src/a.test.ts',
    });
  });

  it('of anything else is class and name', () => {
    expect(id('pkg.Calc', 'adds')).toEqual({ test: 'pkg.Calc.adds', argument: 'adds' });
    expect(id('calc', 'adds')).toEqual({ test: 'calc.adds', argument: 'adds' });
    expect(id('', 'adds')).toEqual({ test: 'adds', argument: 'adds' });
    const nameless = { test: '(a test without a name)', argument: null };
    expect(id('', '')).toEqual(nameless);
    expect(id('', '', { cwd: join(root, 'tests/test_x') })).toEqual(nameless);
  });

  it('without a class stays another than that of the next test', () => {
    expect(id('', 'tests.test_x.adds').test).not.toBe(id('', 'tests.test_x.sums').test);
  });

  it('never becomes an option of the command that runs it again', () => {
    expect(id('', '--config=evil')).toEqual({ test: '--config=evil', argument: null });
    expect(id('-x.test.ts', 'a')).toEqual({ test: '-x.test.ts > a', argument: null });
  });

  it('is never cut or changed to become an argument: then it has none', () => {
    expect(id('', 'y'.repeat(100_000)).argument).toBe('y'.repeat(100_000));
    for (const name of ['y'.repeat(100_001), '日'.repeat(40_000), 'a\0b', 'half \ud83d'])
      expect(id('', name).argument).toBeNull();
    expect(testIdOf({ classname: '', name: 'yyy[9 more]', file: '', cut: true }, root).argument).toBeNull();
  });

  it('may be anything without breaking the judgement', () => {
    expect(id('a\0b', 'x'.repeat(10_000)).argument).toBe('x'.repeat(10_000));
    expect(id('a/../../..', 'x').test).toBe('a/../../...x');
  });
});
