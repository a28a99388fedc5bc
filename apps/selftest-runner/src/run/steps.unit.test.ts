import { describe, expect, it } from 'vitest';
import { stepNames, type Progress } from './progress.ts';
import { parseSelftestConfig } from '@actp/suites/config/read-selftest-config';
import type { SuiteResult } from '@actp/suites/suite/run-suite';
import type { HealthSnapshot } from './snapshot.ts';
import { runSelfTest, type SelfTestDeps } from './steps.ts';

const passing: SuiteResult = {
  name: '',
  status: 'passed',
  tests_total: 1,
  tests_passed: 1,
  tests_failed: 0,
  tests_skipped: 0,
  failures: [],
  duration_ms: 1,
  timed_out: false,
  exit_code: 0,
  output_excerpt: '',
};

const yaml = `
services:
  - { name: plain, url: "http://127.0.0.1:1/" }
  - { name: startable, url: "http://127.0.0.1:2/", start: [serve] }
suites: [{ name: one, command: [x] }, { name: two, command: [y] }]
`;

/** Runs with parts that write down what was asked of them. */
async function run(overrides: Partial<SelfTestDeps> = {}, stop = new AbortController()) {
  const calls: string[] = [];
  const seen: Progress[] = [];
  const reports: HealthSnapshot[] = [];
  const up = new Set(['plain']);
  let clock = 0;
  const parsed = parseSelftestConfig(yaml);
  const deps: SelfTestDeps = {
    readConfig: async () => (parsed.ok ? parsed : { ok: false, problems: [] }),
    async checkService({ name }, _signal, attempts) {
      calls.push(`check ${name}${attempts === 1 ? ' once' : ''}`);
      return { name, up: up.has(name), detail: '', duration_ms: 1 };
    },
    async startService({ name }) {
      calls.push(`start ${name}`);
      up.add(name);
      return {
        result: { name, up: true, detail: '', duration_ms: 1 },
        stop: async () => void calls.push(`stop ${name}`),
      };
    },
    async runTests({ name }) {
      calls.push(`suite ${name}`);
      return { result: { ...passing, name }, tests: null };
    },
    makeRunDir: async () => ({ path: '/run', remove: async () => void calls.push('remove') }),
    now: () => (clock += 10),
    async report(snapshot) {
      calls.push('report');
      reports.push(snapshot);
    },
    ...overrides,
  };
  const done = runSelfTest(deps, {
    runId: 'r',
    trigger: 'http',
    signal: stop.signal,
    progress: (progress) => seen.push(progress),
  });
  return { snapshot: await done, calls, seen, reports };
}

describe('a self-test', () => {
  it('starts what is down, checks, tests one suite after the other, stops what it started, reports', async () => {
    const { snapshot, calls } = await run();
    expect(calls).toEqual([
      'check startable once',
      'start startable',
      'check plain',
      'check startable',
      'suite one',
      'suite two',
      'stop startable',
      'remove',
      'report',
    ]);
    expect(snapshot).toMatchObject({ status: 'passed', services_up: 2, tests_total: 2, duration_ms: 10 });
  });

  it('[SEC-002] shows each of its six steps in order, with what became of it', async () => {
    const { seen } = await run();
    const order = [...new Set(seen.map(({ step }) => step))];
    expect(order).toEqual([...stepNames]);
    expect(seen.map(({ step, detail }) => `${step}: ${detail}`)).toContain('run_tests: 2/2 two');
    expect(seen.at(-1)?.steps).toEqual([
      { name: 'spin_up', state: 'done', detail: '1 of 1 services started' },
      { name: 'health_checks', state: 'done', detail: '2 of 2 services are up' },
      { name: 'run_tests', state: 'done', detail: '2 of 2 suites passed' },
      { name: 'self_heal', state: 'skipped', detail: 'nothing failed' },
      { name: 'verify_fixes', state: 'skipped', detail: 'nothing was healed' },
      { name: 'report', state: 'done', detail: 'passed' },
    ]);
  });

  it('leaves a service alone that is up', async () => {
    const { calls } = await run({
      checkService: async ({ name }) => ({ name, up: true, detail: '', duration_ms: 1 }),
    });
    expect(calls).not.toContain('start startable');
  });

  it('says of a service that could not be started why', async () => {
    const { snapshot, calls } = await run({
      checkService: async ({ name }) => ({ name, up: false, detail: 'connection refused', duration_ms: 1 }),
      startService: async ({ name }) => ({
        result: { name, up: false, detail: 'command not found: serve', duration_ms: 1 },
        stop: async () => undefined,
      }),
    });
    expect(snapshot).toMatchObject({
      status: 'failed',
      services: [{ detail: 'connection refused' }, { detail: 'command not found: serve' }],
    });
    expect(calls).toContain('suite one');
  });

  it('with a broken configuration is a failing self-test that names the line', async () => {
    const problems = ['selftest.yaml:3 suites[0].command is missing'];
    const { snapshot, seen, calls } = await run({ readConfig: async () => ({ ok: false, problems }) });
    expect(snapshot).toMatchObject({
      status: 'failed',
      tests_failed: 1,
      failures: [{ message: problems[0] }],
    });
    expect(seen.at(-1)?.steps.map(({ state }) => state)).toEqual([
      'done',
      'skipped',
      'skipped',
      'skipped',
      'skipped',
      'done',
    ]);
    expect(calls).toEqual(['report']);
  });

  it.each([
    ['readConfig', { readConfig: () => Promise.reject(new Error('boom')) }],
    ['makeRunDir', { makeRunDir: () => Promise.reject(new Error('boom')) }],
    ['checkService', { checkService: () => Promise.reject(new Error('boom')) }],
    ['runTests', { runTests: () => Promise.reject(new Error('boom')) }],
  ])('that breaks in %s still reports, as an error', async (_part, broken) => {
    const { snapshot, reports } = await run(broken);
    expect(reports).toEqual([snapshot]);
    expect(snapshot).toMatchObject({
      status: 'error',
      failures: [{ test: 'self-test', message: 'the self-test aborted: boom' }],
    });
  });

  it('[SEC-006] does not pass when a test of the first run is skipped after a flaky one', async () => {
    const suites = '[{ name: one, command: [x], rerun: [x, "{tests}"] }]';
    const parsed = parseSelftestConfig(`suites: ${suites}`);
    const lists: Array<boolean | undefined> = [];
    const { snapshot } = await run({
      readConfig: async () => (parsed.ok ? parsed : { ok: false, problems: [] }),
      async runTests({ name }, _run, options) {
        lists.push(options?.list);
        const red = { test: 'a', argument: 'a', message: '', details: '' };
        const first = { ...passing, name, tests_total: 2, tests_failed: 1, failures: [red] };
        const a = { test: 'a', outcome: 'passed' } as const;
        if (lists.length === 1)
          return {
            result: { ...first, status: 'failed' },
            tests: [
              { ...a, outcome: 'failed' },
              { ...a, test: 'b' },
            ],
          };
        if (lists.length === 2) return { result: { ...passing, name }, tests: [a] };
        const result = { ...passing, name, tests_total: 2, tests_skipped: 1 };
        return { result, tests: [a, { test: 'b', outcome: 'skipped' }] };
      },
    });
    expect(lists).toEqual([true, true, true]);
    expect(snapshot).toMatchObject({
      status: 'failed',
      failures: [
        { message: 'of the tests of the first time, 1 did not run in the whole suite: b (skipped)' },
      ],
    });
  });

  it('that is stopped starts no further suite and reports what it has', async () => {
    const stop = new AbortController();
    const { snapshot, calls } = await run(
      {
        async runTests({ name }) {
          stop.abort();
          return { result: { ...passing, name }, tests: null };
        },
      },
      stop,
    );
    expect(snapshot).toMatchObject({ status: 'error', suites: [{ name: 'one' }] });
    expect(calls).toContain('stop startable');
  });

  it('whose report cannot be stored fails', async () => {
    await expect(run({ report: () => Promise.reject(new Error('no database')) })).rejects.toThrow(
      'no database',
    );
  });
});
