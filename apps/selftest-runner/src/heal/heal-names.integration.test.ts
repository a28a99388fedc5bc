import { expect, it } from 'vitest';
import { openHealBench } from './heal.fixture.ts';

const bench = await openHealBench();

/**
 * Runs the doctests of calc.py (with `--doctests`) and the functions of test_calc.py, under the names that pytest gives them. A
 * name that is not there stops everything, and what `{run}` in a name is changes from run to run.
 */
const runner = `
import doctest, os, sys, types
from xml.sax.saxutils import quoteattr
report, words = sys.argv[1], sys.argv[2:]
names = [w for w in words if w != '--doctests']
import calc, test_calc
tests = {}
def example(found):
    return lambda: doctest.DocTestRunner(verbose=False).run(found, out=lambda text: None).failed
for found in doctest.DocTestFinder().find(calc) if '--doctests' in words else []:
    if found.examples: tests[('calc', found.name)] = example(found)
for name, work in vars(test_calc).items():
    if name.startswith('test_'):
        if getattr(work, 'changes', False): name += '[%d]' % os.getpid()
        if hasattr(work, 'cases'):
            for case in work.cases: tests[('test_calc', '%s[%d-%d]' % (name, *case))] = lambda work=work, case=case: work(*case)
        else: tests[('test_calc', name)] = work
def identifier(key): return key[0] + '.py::' + key[1]
known = [identifier(key) for key in tests]
if any(name not in known for name in names):
    open(report, 'w').write('<testsuite/>')
    sys.exit(4)
cases, red = [], 0
for key, work in tests.items():
    if names and identifier(key) not in names: continue
    try: failed = work()
    except AssertionError: failed = True
    red += bool(failed)
    cases.append('<testcase classname=%s name=%s>%s</testcase>' % (quoteattr(key[0]), quoteattr(key[1]), '<failure message="red"/>' if failed else ''))
open(report, 'w').write('<testsuite>' + ''.join(cases) + '</testsuite>')
sys.exit(1 if red else 0)
`;

const calc = 'def add(a, b):\n    """\n    >>> add(2, 3)\n    5\n    """\n    return a - b\n';
const tests = 'import calc\ndef test_add():\n    assert calc.add(2, 3) == 5\n';

async function arrange(test = tests): Promise<void> {
  await bench.write('calc.py', calc);
  await bench.write('test_calc.py', test);
  await bench.write('run_tests.py', runner);
  await bench.git('init', '-q', '-b', 'main');
  await bench.git('add', '.');
  await bench.git('commit', '-q', '-m', 'begin');
  const command = ['python3', 'run_tests.py', '{run_dir}/calc.xml', '--doctests'];
  await bench.configure({ suites: [bench.suite({ command })] });
}

it('[SEC-008] heals a doctest, although the rerun does not find it by its name', async () => {
  await arrange();
  bench.work(() => bench.write('calc.py', calc.replace('a - b', 'a + b')));
  await bench.startHealer();
  const { status, heal } = await bench.healed();
  expect(heal, heal.reason).toMatchObject({
    state: 'healed',
    suites: [{ tests: ['calc.py::calc.add', 'test_calc.py::test_add'], changed_files: ['calc.py'] }],
  });
  expect(heal.reason).toContain('not found by name, so the whole suite ran instead');
  expect(status).toBe('healed');
  expect(await bench.read('calc.py')).toContain('a + b');
});

it('[SEC-008] heals a test whose name is another at each run', async () => {
  await arrange(`${tests}test_add.changes = True\n`);
  bench.work(() => bench.write('calc.py', calc.replace('a - b', 'a + b')));
  await bench.startHealer();
  const { heal } = await bench.healed();
  expect(heal, heal.reason).toMatchObject({ state: 'healed' });
});

it('[SEC-008] takes no exchange of the data that tests run with for a repair', async () => {
  const code = (cases: string) => `CASES = ${cases}\n${calc.replace('>>> ', '').replace('    5\n', '')}`;
  await arrange(
    'import calc\ndef test_add(a, b):\n    assert calc.add(a, b) == a + b\ntest_add.cases = calc.CASES\n',
  );
  await bench.write('calc.py', code('[(2, 3), (0, 0)]'));
  bench.work(() => bench.write('calc.py', code('[(4, 0), (0, 0)]')));
  await bench.startHealer();
  const { heal } = await bench.healed();
  expect(heal).toMatchObject({
    state: 'not_healed',
    reason: expect.stringContaining('a test is gone: test_calc.py::test_add[2-3]'),
  });
});

it('[SEC-008] takes no change of a doctest for a repair', async () => {
  await arrange('def test_nothing():\n    pass\n');
  bench.work(() => bench.write('calc.py', calc.replace('    5\n', '    -1\n')));
  await bench.startHealer();
  const { heal } = await bench.healed();
  expect(heal).toMatchObject({
    state: 'not_healed',
    reason: expect.stringContaining('it changed the doctests in calc.py'),
  });
  expect(await bench.read('calc.py')).toBe(calc);
});
