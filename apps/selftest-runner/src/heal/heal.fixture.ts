import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createAcdServer, type AcdServer } from '@actp/testing/acd/server';
import type { Work } from '@actp/testing/acd/harness';
import { eventually } from '@actp/testing/eventually';
import { afterEach, beforeEach } from 'vitest';
import { openBench, openBotWorkers, type Bench } from '../selftest-runner.fixture.ts';
import type { HealingParts } from './start-healing.ts';

/** Runs unittest and writes what a JUnit reporter would: nothing has to be installed. */
const runner = `
import sys, unittest
from xml.sax.saxutils import quoteattr
report, names = sys.argv[1], sys.argv[2:]
loader = unittest.TestLoader()
if names:
    suite = loader.loadTestsFromNames([n.replace('/', '.').replace('.py::', '.').replace('::', '.') for n in names])
else:
    suite = loader.discover('.', pattern='test_*.py')
cases = []
class Result(unittest.TextTestResult):
    def note(self, test, inner):
        cls, _, name = test.id().rpartition('.')
        cases.append('<testcase classname=%s name=%s>%s</testcase>' % (quoteattr(cls), quoteattr(name), inner))
    def addSuccess(self, test):
        super().addSuccess(test); self.note(test, '')
    def addSkip(self, test, reason):
        super().addSkip(test, reason); self.note(test, '<skipped/>')
    def bad(self, test, err):
        text = self._exc_info_to_string(err, test)
        self.note(test, '<failure message=%s/>' % quoteattr(text.strip().splitlines()[-1] + '\\n' + text))
    def addFailure(self, test, err):
        super().addFailure(test, err); self.bad(test, err)
    def addError(self, test, err):
        super().addError(test, err); self.bad(test, err)
ok = unittest.TextTestRunner(resultclass=Result, verbosity=0).run(suite).wasSuccessful()
open(report, 'w').write('<testsuite>' + ''.join(cases) + '</testsuite>')
sys.exit(0 if ok else 1)
`;

const tests = `
import unittest
from calc import add, sub
class Calc(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(2, 3), 5)
    def test_sub(self):
        self.assertEqual(sub(5, 3), 2)
`;

export const broken = 'def add(a, b):\n    return a - b\n\n\ndef sub(a, b):\n    return a - b\n';
export const repaired = broken.replace('a - b', 'a + b');

/** A suite with one failing test of two, and what runs it. */
export async function writeSuite(checkout: string): Promise<void> {
  await mkdir(checkout, { recursive: true });
  await writeFile(join(checkout, 'calc.py'), broken);
  await writeFile(join(checkout, 'test_calc.py'), tests);
  await writeFile(join(checkout, 'run_tests.py'), runner);
}

export interface HealBench extends Bench {
  readonly acd: AcdServer;
  /** The checkout of the suite `calc`. */
  readonly checkout: string;
  /** Makes the checkout with its broken code; a git repository unless said otherwise. */
  makeCheckout(options?: { git?: boolean }): Promise<void>;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  git(...args: string[]): Promise<string>;
  /** The suite as it stands in the configuration. */
  suite(more?: object): object;
  startHealer(env?: object, timings?: HealingParts['timings']): Promise<{ stop(): Promise<void> }>;
  work(work: Work): void;
  /** Waits until healing is over; gives the newest snapshot. */
  healed(): Promise<{ run_id: string; status: string; heal: HealColumn; flaky: unknown }>;
}

interface HealColumn {
  state: string;
  reason: string;
  suites: Array<Record<string, unknown> & { suite: string; state: string; reason: string }>;
}

const exec = promisify(execFile);
const timings = { pollMs: 60, graceSeconds: 1, reconcileMs: 300 };

/** Everything that a test of healing needs: stores, a stand-in for ACD, a checkout with a suite that fails. */
export async function openHealBench(): Promise<HealBench> {
  const bench = await openBench();
  openBotWorkers(bench.stores);
  let acd: AcdServer | undefined;

  beforeEach(async () => {
    acd = await createAcdServer();
  });
  afterEach(async () => {
    await acd?.stop();
  });

  const there = () => {
    if (!acd) throw new Error('ACD is there within tests only');
    return acd;
  };
  const own = {
    get acd() {
      return there();
    },
    get checkout() {
      return join(bench.dir, 'checkout');
    },
    async makeCheckout({ git = true } = {}) {
      await writeSuite(own.checkout);
      if (!git) return;
      await own.git('init', '-q', '-b', 'main');
      await own.git('add', '.');
      await own.git('commit', '-q', '-m', 'begin');
    },
    async write(path: string, text: string) {
      const file = join(own.checkout, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    },
    read: (path: string) => readFile(join(own.checkout, path), 'utf8'),
    async git(...args: string[]) {
      const names = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgSign=false'];
      const { stdout } = await exec('git', [...names, ...args], { cwd: own.checkout });
      return stdout.trim();
    },
    suite: (more: object = {}) => ({
      name: 'calc',
      cwd: own.checkout,
      command: ['python3', 'run_tests.py', '{run_dir}/calc.xml'],
      rerun: ['python3', 'run_tests.py', '{run_dir}/calc.xml', '{tests}'],
      junit: '{run_dir}/calc.xml',
      heal: true,
      ...more,
    }),
    startHealer: (env: object = {}, more: HealingParts['timings'] = {}) =>
      bench.start({ ACD_URL: there().url, ...env }, { ...timings, ...more }),
    work: (work: Work) => there().harness.setWork(work),
    healed: () =>
      eventually(
        async () => {
          const row = (await bench.snapshots()).at(-1);
          const heal = row?.heal as HealColumn | null | undefined;
          const over = ['healed', 'not_healed', 'skipped'].includes(heal?.state ?? '');
          return row !== undefined && heal && over ? { ...row, heal } : false;
        },
        { every: 50 },
      ),
  };
  // Both are one object now; `dir` and `acd` are asked for anew in each test.
  return Object.defineProperties(own, Object.getOwnPropertyDescriptors(bench)) as unknown as HealBench;
}
