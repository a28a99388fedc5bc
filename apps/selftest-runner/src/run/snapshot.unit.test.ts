import { describe, expect, it } from 'vitest';
import type { SuiteResult } from '@actp/suites/suite/run-suite';
import { snapshotOf, type RunResult } from './snapshot.ts';

const run = { runId: '5f0c6a52-6f0f-4b0e-9d7e-0d6c2d3f7a11', trigger: 'nightly', durationMs: 12.6 } as const;
const nothing: RunResult = {
  services: [],
  suites: [],
  flaky: [],
  configProblems: [],
  fault: null,
  heal: null,
};
const service = (name: string, up: boolean, detail = '') => ({ name, up, detail, duration_ms: 1 });

function suite(name: string, failed: number, details = 'd'): SuiteResult {
  const failure = (n: number) => ({ test: `t${n}`, argument: `t${n}`, message: 'm', details });
  return {
    name,
    status: failed > 0 ? 'failed' : 'passed',
    tests_total: failed + 3,
    tests_passed: 2,
    tests_failed: failed,
    tests_skipped: 1,
    failures: Array.from({ length: Math.min(failed, 200) }, (_, n) => failure(n)),
    duration_ms: 5,
    timed_out: false,
    exit_code: failed > 0 ? 1 : 0,
    output_excerpt: '',
  };
}

describe('the snapshot of a run', () => {
  it('has passed when every service is up and no test failed, also with nothing to test', () => {
    expect(snapshotOf(run, nothing)).toMatchObject({ status: 'passed', tests_total: 0, services_total: 0 });
    const snapshot = snapshotOf(run, { ...nothing, services: [service('a', true)], suites: [suite('s', 0)] });
    expect(snapshot).toMatchObject({
      run_id: run.runId,
      trigger: 'nightly',
      status: 'passed',
      tests_total: 3,
      tests_passed: 2,
      tests_failed: 0,
      services_up: 1,
      services_total: 1,
      flaky: [],
      heal: null,
      duration_ms: 13,
    });
    expect(snapshot.suites[0]).not.toHaveProperty('failures');
  });

  it('stays small whatever the length of the names for the command line', () => {
    const [one, two] = ['y'.repeat(4_000), 'z'.repeat(90_000)];
    const failures = [one, two].map((argument) => ({ test: 't', argument, message: 'm', details: '' }));
    const snapshot = snapshotOf(run, { ...nothing, suites: [{ ...suite('s', 2), failures }] });
    expect(snapshot.failures.map(({ argument }) => argument)).toEqual([one, null]);
  });

  it('has failed when a service is down, a test fails or the configuration is broken', () => {
    expect(
      snapshotOf(run, { ...nothing, services: [service('a', true), service('b', false)] }),
    ).toMatchObject({
      status: 'failed',
      services_up: 1,
      services_total: 2,
    });
    expect(snapshotOf(run, { ...nothing, suites: [suite('s', 1)] })).toMatchObject({
      status: 'failed',
      tests_failed: 1,
      failures: [{ suite: 's', test: 't0' }],
    });
    expect(snapshotOf(run, { ...nothing, configProblems: ['selftest.yaml:3 x is missing'] })).toMatchObject({
      status: 'failed',
      tests_total: 1,
      tests_failed: 1,
      failures: [{ suite: null, test: 'configuration', message: 'selftest.yaml:3 x is missing' }],
    });
  });

  it('is an error when the run broke off, and tells what was found before', () => {
    const snapshot = snapshotOf(run, { ...nothing, suites: [suite('s', 1)], fault: 'disk full' });
    expect(snapshot).toMatchObject({
      status: 'error',
      failures: [{ test: 'self-test', message: 'disk full' }, { suite: 's' }],
    });
  });

  it('[SEC-020] has no secret in anything that a suite or a service said', () => {
    const secret = 'postgres://user:hunter2hunter2@db/x';
    const leaky = suite('s', 1, secret);
    const snapshot = snapshotOf(run, {
      services: [service('db', false, secret)],
      suites: [{ ...leaky, output_excerpt: `TELEGRAM_BOT_TOKEN=${secret}` }],
      configProblems: [secret],
      flaky: [],
      fault: secret,
      heal: null,
    });
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
  });

  it('stays small, and no suite crowds out another', () => {
    const big = suite('big', 5_000, 'x'.repeat(50_000));
    const snapshot = snapshotOf(run, { ...nothing, suites: [big, suite('small', 1)] });
    expect(snapshot.tests_failed).toBe(5_001);
    expect(snapshot.failures).toHaveLength(200);
    expect(snapshot.failures.some((failure) => failure.suite === 'small')).toBe(true);
    expect(JSON.stringify(snapshot).length).toBeLessThan(512 * 1024);
  });
});
