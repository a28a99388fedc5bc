import { describe, expect, it } from 'vitest';
import type { SandboxUsed } from '@actp/suites/sandbox/isolation';
import { alertTexts } from './alert-text.ts';
import type { HealthSnapshot } from './snapshot.ts';

const passed: HealthSnapshot = {
  run_id: '5f0c6a52-6f0f-4b0e-9d7e-0d6c2d3f7a11',
  trigger: 'nightly',
  status: 'passed',
  tests_total: 12,
  tests_passed: 12,
  tests_failed: 0,
  services_up: 2,
  services_total: 2,
  services: [],
  suites: [],
  failures: [],
  flaky: [],
  heal: null,
  duration_ms: 1,
};
const failure = (test: string, message: string) => ({
  suite: 'worker',
  test,
  argument: test,
  message,
  details: '',
});

describe('[SEC-004] the message about a self-test', () => {
  it('says how the tests ran where that was not as configured', () => {
    const note = 'not found by name, so the whole suite ran instead: calc.py::calc.add';
    const suite = {
      name: 'calc',
      status: 'passed' as const,
      tests_total: 2,
      tests_passed: 2,
      tests_failed: 0,
      tests_skipped: 0,
      duration_ms: 1,
      timed_out: false,
      exit_code: 0,
      output_excerpt: '',
      notes: [note],
    };
    const flaky = [{ suite: 'calc', test: 'calc.py::calc.add' }];
    const texts = alertTexts({ ...passed, suites: [suite], flaky });
    expect(texts.note).toContain(`Notes:\n- calc: ${note}`);
    expect(texts.recovery).toContain(note);
    expect(alertTexts({ ...passed, trigger: 'telegram' }).note).not.toContain('Notes:');
  });

  it('[TRU-002] names what ran without a sandbox, whatever the result', () => {
    const suite = (name: string, sandbox: SandboxUsed) => ({
      name,
      status: 'passed' as const,
      tests_total: 2,
      tests_passed: 2,
      tests_failed: 0,
      tests_skipped: 0,
      duration_ms: 1,
      timed_out: false,
      exit_code: 0,
      output_excerpt: '',
      sandbox,
    });
    const service = {
      name: 'svc',
      up: true,
      detail: 'answered 200',
      duration_ms: 1,
      sandbox: 'off' as const,
    };
    const suites = [suite('calc', 'off'), suite('web', 'unavailable'), suite('fine', 'namespaces')];
    const said = `Ran WITHOUT a sandbox:
- svc: sandbox: off in the configuration
- calc: sandbox: off in the configuration
- web: this system offers none`;
    const good = alertTexts({ ...passed, suites, services: [service], trigger: 'telegram' });
    expect(good.note).toContain(said);
    expect(good.recovery).toContain(said);
    // Where not everything has room, this has.
    const failures = Array.from({ length: 40 }, (_, n) => failure(`t${n}`, 'x'.repeat(600)));
    expect(
      alertTexts({ ...passed, status: 'failed', suites, services: [service], failures }).problem,
    ).toContain(said);
    expect(alertTexts({ ...passed, suites: [suite('fine', 'bubblewrap')] }).recovery).not.toContain(
      'sandbox',
    );
  });

  it('names what is down and what failed, with the first lines of each failure', () => {
    const { problem } = alertTexts({
      ...passed,
      status: 'failed',
      services_up: 1,
      tests_passed: 10,
      tests_failed: 2,
      services: [
        { name: 'redis', up: false, detail: 'connection refused', duration_ms: 1 },
        { name: 'gateway', up: true, detail: 'answered 200', duration_ms: 1 },
      ],
      failures: [
        failure('tests/test_x.py::test_y', 'assert 1 == 2\nmore\n\nlines\nhidden'),
        failure('worker', 'did not end within 5 s'),
      ],
    });
    expect(problem).toBe(`Self-test failed (nightly): 1 of 2 services up, 10 of 12 tests passed

Down:
- redis: connection refused

Failed:
- worker: tests/test_x.py::test_y
  assert 1 == 2
  more
  lines
- worker
  did not end within 5 s

Run 5f0c6a52-6f0f-4b0e-9d7e-0d6c2d3f7a11`);
  });

  it('shows how the output begins of a suite that is judged by its exit code or was too slow', () => {
    const suiteItself = {
      ...failure('worker', 'ended with exit code 2'),
      details: `\n  cannot connect to the broker\n${'x'.repeat(500)}\nat line 3\nhidden`,
    };
    const { problem } = alertTexts({ ...passed, status: 'failed', tests_failed: 1, failures: [suiteItself] });
    expect(problem).toContain(`- worker
  ended with exit code 2
  >   cannot connect to the broker
  > ${'x'.repeat(160)}...
  > at line 3

Run `);
    expect(problem).not.toContain('hidden');
  });

  it('shows the message alone of a failed test, whose output stands in the snapshot', () => {
    const test = { ...failure('a test', 'assert 1 == 2'), details: 'a long traceback' };
    expect(alertTexts({ ...passed, status: 'failed', failures: [test] }).problem).not.toContain('traceback');
  });

  it('fits into one Telegram message, and says how many more there are', () => {
    const failures = Array.from({ length: 200 }, (_, n) => ({
      ...failure(n % 2 === 0 ? `test ${n}` : 'worker', 'long line '.repeat(500)),
      details: 'output '.repeat(2_000),
    }));
    const services = Array.from({ length: 60 }, (_, n) => ({
      name: `s${n}`,
      up: false,
      detail: 'x'.repeat(1000),
      duration_ms: 1,
    }));
    const { problem } = alertTexts({ ...passed, status: 'failed', tests_failed: 900, failures, services });
    expect(problem?.length).toBeLessThan(4_096);
    expect(problem).toContain('- and 50 more');
    expect(problem).toContain('... and 890 more');
  });

  it('tells of a run that broke off', () => {
    const broken = {
      ...passed,
      status: 'error' as const,
      failures: [{ ...failure('self-test', 'disk full'), suite: null }],
    };
    expect(alertTexts(broken).problem).toContain('Self-test aborted (nightly)');
    expect(alertTexts(broken).problem).toContain('- self-test\n  disk full');
  });

  it('tells of a recovery, and of a good run only whoever asked on Telegram', () => {
    expect(alertTexts(passed)).toEqual({
      problem: null,
      recovery: 'Self-test passes again: 2 of 2 services up, 12 of 12 tests passed (nightly)',
      note: null,
    });
    expect(alertTexts({ ...passed, trigger: 'telegram' }).note).toContain('Self-test passed');
  });
});
